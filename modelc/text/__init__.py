"""Text for people: spelling suggestions, quoting, names, numbers, terminal width."""
