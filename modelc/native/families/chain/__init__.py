"""Several elementwise functions and sums in one walk over memory."""
