"""Sequences step by step: what recurrent layers and TimeDistributed share. Axis 1 is time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.scan import scan
from modelc.graph.sizes import surely_equal
from modelc.graph.tensor import Tensor, concatenate, where
from modelc.ops.constant import Constant
from modelc.ops.places import Stepped
from modelc.ops.shape import Broadcast
from modelc.ops.take import Take

States = tuple[Tensor, ...]
Given = Tensor | States
"""States as a user gives them: one by itself, or several."""
Step = Callable[[Tensor, States], States]
"""From the input of a step and the states before it to those after it."""


MAX_UNROLLED = 4096
"""Steps that are written out one by one: each costs ops, and a spec can ask for any number."""
MAX_CALLS = 50_000
"""Layers of a model that are written out for all steps together."""
MAX_REVERSED = 2**20
"""Steps that are put in the other order: by a table of as many numbers."""


@dataclass(frozen=True)
class Run:
    """What running over a sequence gives."""

    outputs: Tensor
    """(N, T, ...) in the order in which steps were taken, or that of the last step, (N, ...)."""
    states: States
    """The states after the last step."""


def as_states(given: Given) -> States:
    """A state that is given by itself, as one of one."""
    return given if isinstance(given, tuple) else (given,)


def parts(x: Tensor, count: int) -> tuple[Tensor, ...]:
    """The last axis cut into parts of one size."""
    size = x.dims[-1] // count
    return tuple(x.part(-1, i * size, (i + 1) * size) for i in range(count))


def step_of(x: Tensor, t: int) -> Tensor:
    """``x[:, t]``."""
    shape = x.shape
    return x.part(1, t, t + 1).reshape((shape[0], *shape[2:]))


def stack(values: Sequence[Tensor]) -> Tensor:
    """(N, ...) for every step → (N, T, ...)."""
    longer = [x.reshape((x.shape[0], 1, *x.shape[1:])) for x in values]
    return longer[0] if len(longer) == 1 else concatenate(longer, 1)


def steps(x: Tensor) -> range:
    """The numbers of the steps of x, to be written out. Raises `ShapeError` for more than `MAX_UNROLLED`."""
    count = x.dims[0]
    _bounded(count, MAX_UNROLLED, "written out one by one")
    return range(count)


def _bounded(count: int, most: int, how: str) -> None:
    if count > most:
        raise ShapeError(f"{count:,} steps would be {how}, at most {most:,} are", "shorten the sequence", "E403")


def require_few_calls(x: Tensor, layers: int) -> None:
    """Raise `ShapeError` where a model of so many layers would be written out for too many steps."""
    count = x.dims[0] * layers
    if count > MAX_CALLS:
        message = f"{x.dims[0]:,} steps of {layers:,} layers would be written out, at most {MAX_CALLS:,} in all are"
        raise ShapeError(message, "shorten the sequence, or make the model smaller", "E403")


def reverse(x: Tensor) -> Tensor:
    """The last step first. Raises `ShapeError` for more than `MAX_REVERSED` steps."""
    count = x.dims[0]
    _bounded(count, MAX_REVERSED, "put in the other order")
    return x if surely_equal(count, 1) else x.emit(Take(1, Stepped.reversed(count)))


def step_mask(g: Builder, x: Tensor) -> Tensor | None:
    """The mask of x as (N, T): a step counts where any element of its mask does."""
    mask = g.masks.of(x)
    if mask is None or mask.rank == 2:
        return mask
    return mask.not_equal(0.0).max(tuple(range(2, mask.rank)))


def like(mask: Tensor, rank: int) -> Tensor:
    """A mask (N,) or (N, T) with further axes of 1, to broadcast with a tensor of this rank."""
    shape = mask.shape
    return mask.reshape((*shape, *(1,) * (rank - len(shape))))


def run_steps(
    g: Builder, step: Step, x: Tensor, states: States, mask: Tensor | None, *, backward: bool, whole: bool
) -> Run:
    """Run over a sequence by the ops of `step`, whose output is its first state.

    A masked step leaves the states as they are.
    """

    def masked(parts: States, before: States) -> tuple[States, States]:
        after = step(parts[0], before)
        if mask is not None:
            pairs = zip(after, before, strict=True)
            after = tuple(where(like(parts[1], new.rank), new, old) for new, old in pairs)
        return after, after[:1] if whole else ()

    done = scan(g, masked, (x,) if mask is None else (x, mask), states, backward=backward)
    if not whole:
        return Run(done.states[0], done.states)
    (outputs,) = done.outputs
    return Run(reverse(outputs) if backward else outputs, done.states)


def zero_state(g: Builder, like: Tensor, dims: Sequence[int]) -> Tensor:
    """The state before the first step, for a batch as large as that of another tensor."""
    return g.emit(Broadcast((like.shape[0], *dims)), g.emit(Constant((0.0,), ())), like)
