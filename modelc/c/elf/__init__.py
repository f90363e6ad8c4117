"""Objects, archives and shared libraries in the formats of Linux, read and written without a linker."""
