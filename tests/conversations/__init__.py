"""Golden conversations, and the stages that they are played on."""
