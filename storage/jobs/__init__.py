"""What is still to be done, kept until it is done."""
