"""Training: the step as a graph, and the loop around it."""
