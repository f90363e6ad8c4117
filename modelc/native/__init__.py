"""The CPU target. Nothing outside of this package knows the machine."""
