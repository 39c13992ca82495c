"""What a municipality must do with what it keeps of people: erase it, let it go in time, show it to them."""
