"""What the operating system gives: memory, and locks that survive a fork."""
