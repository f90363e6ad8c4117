"""What the options of several layers have in common: their types, and bases that declare the same ones."""
