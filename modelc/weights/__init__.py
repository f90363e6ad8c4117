"""The arrays of weights: `Variable`, and how initializers, files and users give them values."""
