"""What a user holds: Model, Sequential, and how they are built, saved and loaded."""
