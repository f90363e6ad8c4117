"""Facts about layers by name, which need no class: what is left out of Keras's, and what holds other layers."""
