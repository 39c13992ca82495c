"""What `innspill serve --demo` begins with: sample data, and nothing that a resident or staff would be told by us."""
