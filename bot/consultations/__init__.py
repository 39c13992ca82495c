"""What staff type and see of a consultation, at the desk and in commands: days, titles, case numbers, links."""
