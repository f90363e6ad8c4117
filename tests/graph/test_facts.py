"""Facts of a trace, asked for sizes that it may not be for."""

from __future__ import annotations

from modelc.graph.expressions import SizeSymbol
from modelc.graph.facts import Facts
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import declare


def test_no_size_is_divided_by_a_size_that_is_zero() -> None:
    """A window of 8 that does not fit into 3 has no places, and none among which anything is shared out."""
    free = FreeSizes()
    n = declare(free, SizeSymbol("n"), 20)
    places = n - 3
    assert n // places >= 1 and places >= 1
    facts = Facts(free)
    assert facts.hold({"n": 20}) and not facts.hold({"n": 3})
