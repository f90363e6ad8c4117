"""The graph: typed values, ops in order, and the builder by which layers emit them."""
