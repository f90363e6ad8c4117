"""Image augmentation.

Random changes of images in training.
"""
