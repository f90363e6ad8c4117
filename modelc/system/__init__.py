"""Operating system resources: memory limits, and locks that survive a fork."""
