"""Einstein sums of two tensors, as the fewest ops that have fast kernels."""

from __future__ import annotations

from string import ascii_letters

from modelc.errors import ShapeError
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.ops.contract import Contract


def einsum(a_letters: str, b_letters: str, out: str, a: Tensor, b: Tensor) -> Tensor:
    """``y[out] = Σ a[a_letters]·b[b_letters]`` over the letters that `out` leaves out.

    Each letter names an axis, at most once in each operand and in `out`, whose letters the operands have. Raises
    `ShapeError` where extents differ, or where the batch would not be the first axis of y.
    """
    a, a_letters = _alone(a.as_float(), a_letters, b_letters + out)
    b, b_letters = _alone(b.as_float(), b_letters, a_letters + out)
    sizes = dict(zip(a_letters, a.shape, strict=True))
    for letter, size in zip(b_letters, b.shape, strict=True):
        if sizes.setdefault(letter, size) != size:
            shapes = f"{format_shape(a.shape)} and {format_shape(b.shape)}"
            raise ShapeError(f"the axis `{letter}` of {shapes} is {sizes[letter]} in one and {size} in the other")
    batch = next((letter for letter, size in sizes.items() if size is None), "")
    if batch and out[:1] != batch:
        raise ShapeError(f"the batch `{batch}` must stay the first axis, `{out}` does not begin with it")
    if not any(c in b_letters and c not in out for c in a_letters):
        return _product(a_letters, b_letters, out, a, b)
    only_a, only_b = ("".join(c for c in out if c not in other) for other in (b_letters, a_letters))
    if not only_a and not only_b:
        return _summed(a_letters, b_letters, out, a, b)
    # The batch belongs to the operand that is read in place; what only the other one has comes last.
    if batch not in a_letters or (not out.endswith(only_b) and out.endswith(only_a) and batch in b_letters):
        a, a_letters, only_a, b, b_letters, only_b = b, b_letters, only_b, a, a_letters, only_a
    made = out if out.endswith(only_b) else "".join(c for c in out if c not in only_b) + only_b
    return transposed(a.emit(Contract(a_letters, b_letters, made), b), made, out)


def letters_for(count: int, taken: str = "") -> str:
    """As many letters, none of those that are taken."""
    return "".join(c for c in ascii_letters if c not in taken)[:count]


def transposed(x: Tensor, letters: str, wanted: str) -> Tensor:
    """x with its axes in another order."""
    return x if letters == wanted else x.transpose(tuple(letters.index(c) for c in wanted))


def _alone(x: Tensor, letters: str, others: str) -> tuple[Tensor, str]:
    """x, summed over the axes that nothing else has."""
    axes = tuple(i for i, c in enumerate(letters) if c not in others)
    if not axes:
        return x, letters
    if 0 in axes and x.batched:
        raise ShapeError(f"`{letters[0]}` is the batch, which cannot be summed over")
    return x.sum(axes), "".join(c for i, c in enumerate(letters) if i not in axes)


def _product(a_letters: str, b_letters: str, out: str, a: Tensor, b: Tensor) -> Tensor:
    """Nothing is summed over: a product with broadcasting."""
    return _spread(a, a_letters, out) * _spread(b, b_letters, out)


def _summed(a_letters: str, b_letters: str, out: str, a: Tensor, b: Tensor) -> Tensor:
    """No operand has an axis of its own: a product, of which the common axes are summed."""
    whole = out + "".join(c for c in a_letters if c not in out)
    y = _product(a_letters, b_letters, whole, a, b)
    return y.sum(tuple(range(len(out), len(whole))))


def _spread(x: Tensor, letters: str, wanted: str) -> Tensor:
    """x with its axes in the order of `wanted`, and axes of 1 for the letters that it lacks."""
    order = "".join(c for c in wanted if c in letters)
    x = transposed(x, letters, order)
    sizes = dict(zip(order, x.shape, strict=True))
    shape = tuple(sizes.get(c, 1) for c in wanted)
    return x if shape == x.shape else x.reshape(shape)
