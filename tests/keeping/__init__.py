"""What becomes of what a person wrote: erased, let go in time, shown to them."""
