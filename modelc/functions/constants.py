"""Numbers of published functions."""

from __future__ import annotations

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""Klambauer et al., "Self-Normalizing Neural Networks" (2017): they keep mean 0 and variance 1 from layer to layer."""

GELU_CUBIC = 0.044715
"""Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016): the share of x³ in the approximation by tanh."""
