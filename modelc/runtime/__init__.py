"""Running plans: lowering, native code and its cache, threads, and the compiled model."""
