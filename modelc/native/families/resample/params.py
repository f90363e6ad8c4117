"""Parameters of resampling. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

RESAMPLE = Record.of(y=OPERAND, x=OPERAND, weights=OPERAND, indices=OPERAND, size=I64, out=I64, taps=I64, channels=I64)
"""`y[a, o, c] = Σ_t weights[o, t]·x[a, indices[o, t], c]`: x (a, size, c), y (a, out, c), float32 weights and int32
indices (out, taps); without weights the largest of the taps. Units: `a * out`."""
