"""Words, numbers and names for people: near names, quoting, the width of a terminal."""
