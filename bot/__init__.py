"""What runs: the exchange, the channels, the staff's side and the command line; the only room where the parts meet."""
