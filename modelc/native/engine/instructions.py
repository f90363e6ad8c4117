"""The instructions of a worksheet (`worksheet.py`): words, of which the first says what is done, over registers."""

from __future__ import annotations

from modelc.native.code.record import I64, Record

SHEET = Record.of(program=I64, words=I64, refused=I64)
"""What a call is given before its registers: the address of the instructions, that of the words to be filled, and
whether a condition did not hold."""

END = 0
"""All is done."""
SUM = 1
"""A register, a constant, a number of terms, and for each a coefficient, a number of factors and these registers: the
register becomes the constant and the products of each term, added up."""
DIVIDE = 2
"""Three registers: the first becomes the quotient of the others, rounded down."""
HIGHEST = 3
"""A register, a number and so many registers: the first becomes the highest of these."""
BETWEEN = 4
"""A register and two numbers, between which it is to be."""
DIFFERS = 5
"""A register and a number, which it is not to be."""
FILL = 6
"""A register, a number and so many indices of words, which become the register's value."""
ADDRESSES = 7
"""A number, and so many pairs of an index of a word and bytes: the word becomes the address of the first word plus
these bytes."""

MOST = 2**62
"""Sums whose parts are larger are refused, before they could be beyond what a word holds."""
