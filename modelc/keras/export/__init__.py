"""Models to the files that Keras opens."""
