"""Convolutions around a depthwise one, done with it in bands of lines."""
