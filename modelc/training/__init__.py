"""Training a model: the step as a graph, the loop around it, what a spec says of it, and runs from files alone."""
