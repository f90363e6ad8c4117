"""Where blocks of memory lie."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modelc.native.passes.placement import ArenaBlock, place

_BLOCKS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30), st.integers(0, 8)), max_size=25)


def alive(blocks: list[ArenaBlock]) -> int:
    """The most that is alive at a step."""
    steps = range(max((block.last for block in blocks), default=-1) + 1)
    return max((sum(b.size for b in blocks if b.first <= step <= b.last) for step in steps), default=0)


@given(_BLOCKS)
def test_blocks_that_are_alive_at_once_lie_apart(drawn: list[tuple[int, int, int]]) -> None:
    blocks = [ArenaBlock(64 * size, first, first + life, []) for size, first, life in drawn]
    size = place(blocks)
    assert size == max((b.offset + b.size for b in blocks), default=0)
    assert size >= alive(blocks)
    for i, one in enumerate(blocks):
        assert one.offset >= 0
        for other in blocks[:i]:
            apart = one.offset + one.size <= other.offset or other.offset + other.size <= one.offset
            assert apart or one.last < other.first or other.last < one.first


def test_a_block_that_has_to_be_placed_first() -> None:
    """By size both blocks of 2 begin at 0; the others, alive with one each and with each other, would end at 4."""
    blocks = [ArenaBlock(size, first, last, []) for size, first, last in [(1, 0, 3), (2, 0, 1), (1, 3, 6), (2, 4, 7)]]
    assert place(blocks) == 3 == alive(blocks)
