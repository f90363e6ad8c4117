"""The graph: typed values, ops in order, and how layers write them."""
