"""What sets responses on paper: as data for a template, in letters that the fonts have, bound where it is long."""
