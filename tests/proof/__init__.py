"""The proof: what the product promises, tried at length and counted. Each kind is a module that has a `run`."""
