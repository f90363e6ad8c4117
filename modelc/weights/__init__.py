"""Weight arrays: `Variable`, and their values from initializers, files and users."""
