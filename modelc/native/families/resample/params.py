"""Parameters of resampling. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Layout

RESAMPLE = Layout.of(y=3, x=3, weights=3, indices=3, size=1, out=1, taps=1, channels=1)
"""`y[a, o, c] = Σ_t weights[o, t]·x[a, indices[o, t], c]`: x (a, size, c), y (a, out, c), float32 weights and int32
indices (out, taps); without weights the largest of the taps. Units: `a * out`."""
