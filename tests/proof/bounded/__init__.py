"""A bounded part of each proof, for every run of the tests."""
