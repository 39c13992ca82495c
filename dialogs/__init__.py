"""What is said: the form, the engine and the wording, all of it pure."""
