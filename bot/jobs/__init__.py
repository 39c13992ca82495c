"""What is done after the commit that decided it: one worker, and a file for each kind of job."""
