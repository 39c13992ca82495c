"""What contributors would add, a file or a folder each: put into a copy of the house by `test_one_change.py`."""
