"""Operations of matrices beside their product: Einstein sums, diagonals, triangles, products of all with all."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from modelc.config.options import as_ints, is_int
from modelc.errors import ShapeError
from modelc.graph.axes import resolve_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, concatenate, where
from modelc.graph.types import format_shape
from modelc.layers.core.einsum import einsum, letters_for, transposed
from modelc.layers.operations.arranging import permuted, reshaped
from modelc.layers.operations.registry import Table, adder
from modelc.layers.operations.special import multiplied
from modelc.ops.constant import Range
from modelc.ops.places import Stepped
from modelc.ops.take import Take, require_few

TABLE: Table = {}
_add = adder(TABLE)

_EQUATION = re.compile(r"[A-Za-z.]*(,[A-Za-z.]*)*(->[A-Za-z.]*)?")
_MAX_EQUATION = 1024


@_add("einsum")
def _einsum(g: Builder, *operands: Tensor, subscripts: Annotated[str, Field(max_length=_MAX_EQUATION)]) -> Tensor:
    """The sum of products that the letters say, as NumPy's; from the left, two operands at a time."""
    text = subscripts.replace(" ", "")
    if not _EQUATION.fullmatch(text):
        raise ShapeError(f"`subscripts` ({subscripts[:60]}) is not an equation such as `bij,bjk->bik`", code="E204")
    parts, arrow, out = text.partition("->")
    names = parts.split(",")
    if len(names) != len(operands):
        raise ShapeError(f"the equation `{subscripts[:60]}` has {len(names)} operands, found {len(operands)}")
    taken = "".join(c for c in text if c.isalpha())
    elided = max((x.rank - len(n.replace("...", "")) for n, x in zip(names, operands, strict=True) if "..." in n),
                 default=0)  # fmt: skip
    extra = letters_for(max(elided, 0), taken)
    written = [_lettered(n, x, extra) for n, x in zip(names, operands, strict=True)]
    wanted = (
        out.replace("...", extra) if arrow else extra + "".join(sorted(c for c in set(taken) if parts.count(c) == 1))
    )
    if len(set(wanted)) < len(wanted) or any(c not in "".join(written) for c in wanted):
        raise ShapeError(f"the result of `{subscripts[:60]}` names an axis twice, or one that no operand has")
    pairs = [_once(x.as_float(), letters) for letters, x in zip(written, operands, strict=True)]
    (y, have), *others = pairs
    for i, (x, letters) in enumerate(others):
        later = wanted + "".join(other for _, other in others[i + 1 :])
        kept = "".join(dict.fromkeys(c for c in have + letters if c in later))
        # The batch is first in what is made; the result decides where its axes go.
        kept = "".join(sorted(kept, key=lambda c: wanted.index(c) if c in wanted else len(wanted)))
        y, have = einsum(have, letters, kept, y, x), kept
    gone = tuple(i for i, c in enumerate(have) if c not in wanted)
    if gone:
        if 0 in gone and y.batched:
            raise ShapeError(f"`{have[0]}` is the batch, which cannot be summed over")
        y, have = y.sum(gone), "".join(c for c in have if c in wanted)
    if wanted[:1] != have[:1] and y.batched:
        raise ShapeError(f"the batch `{have[0]}` must stay the first axis, `{wanted}` does not begin with it")
    return transposed(y, have, wanted)


def _lettered(name: str, x: Tensor, extra: str) -> str:
    """The letters of an operand, an ellipsis written out with the last of the extra ones."""
    count = x.rank - len(name.replace("...", ""))
    letters = name.replace("...", extra[len(extra) - count :] if count > 0 else "")
    if name.count(".") not in (0, 3) or ("." in name) != ("..." in name) or len(letters) != x.rank:
        raise ShapeError(f"`{name}` does not name the {x.rank} axes of {format_shape(x.shape)}", axis="rank")
    return letters


def _once(x: Tensor, letters: str) -> tuple[Tensor, str]:
    """The diagonal along axes that one letter names."""
    for c in dict.fromkeys(letters):
        while letters.count(c) > 1:
            first, second = (i for i, other in enumerate(letters) if other == c) if letters.count(c) == 2 else (
                letters.index(c), letters.index(c, letters.index(c) + 1)
            )  # fmt: skip
            x = diagonal(x, 0, first, second)
            letters = "".join(o for i, o in enumerate(letters) if i not in (first, second)) + c
    return x, letters


def diagonal(x: Tensor, offset: int, axis1: int, axis2: int) -> Tensor:
    """The elements whose places along two axes differ by `offset`, as the last axis."""
    one, other = (a % x.rank for a in (axis1, axis2))
    if one == other or (0 in (one, other) and x.batched):
        raise ShapeError(f"`axis1` (={axis1}) and `axis2` (={axis2}) are two axes beside the batch", code="E204")
    rest = [a for a in range(x.rank) if a not in (one, other)]
    x = permuted(x, [*rest, one, other])
    *lead, rows, columns = x.shape
    assert rows is not None
    assert columns is not None
    low = max(0, -offset)
    length = min(rows - low, columns - low - offset)
    if length < 1:
        raise ShapeError(f"{rows}×{columns} elements have no diagonal at `offset` {offset}")
    require_few(length)
    places = Stepped(low * columns + low + offset, columns + 1, length)
    return reshaped(x, (*lead, rows * columns)).emit(Take(len(lead), places))


@_add("diagonal")
def _diagonal(g: Builder, x: Tensor, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    resolve_axes((axis1, axis2), x.rank)
    return diagonal(x, offset, axis1, axis2)


@_add("trace")
def _trace(g: Builder, x: Tensor, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    y = _diagonal(g, x.as_float(), offset=offset, axis1=axis1, axis2=axis2)
    return y.sum((y.rank - 1,))


def _triangle(g: Builder, x: Tensor, k: int, lower: bool) -> Tensor:
    if x.rank < 2 or (x.rank < 3 and x.batched):
        raise ShapeError("a triangle is of the last two axes, and the batch is none of them", axis="rank")
    rows, columns = x.dims[-2:]
    places, ends = g.emit(Range(columns)), g.emit(Range(rows)).reshape((rows, 1)) + float(k)
    mask = places.less_equal(ends) if lower else places.greater_equal(ends)
    return where(mask, x.as_float(), 0.0)


@_add("tril")
def _tril(g: Builder, x: Tensor, *, k: int = 0) -> Tensor:
    return _triangle(g, x, k, lower=True)


@_add("triu")
def _triu(g: Builder, x: Tensor, *, k: int = 0) -> Tensor:
    return _triangle(g, x, k, lower=False)


def _pair(value: Any) -> Any:
    """A number of axes, or those of either tensor."""
    items = cast("list[Any]", value) if isinstance(value, list | tuple) else []
    pair = tuple((item,) if is_int(item) else as_ints(item) for item in items)
    if is_int(value):
        return cast("int", value)
    if len(pair) == 2 and None not in pair:
        return pair
    raise PydanticCustomError("value_type", "expected a number of axes, or two lists of axes")


@_add("tensordot")
def _tensordot(g: Builder, x1: Tensor, x2: Tensor, *, axes: Annotated[Any, BeforeValidator(_pair)] = 2) -> Tensor:
    """The sum of products over axes of both: of as many at the end of x1 and the front of x2, or of those named."""
    a, b = x1.rank, x2.rank
    if isinstance(axes, int):
        ours, theirs = tuple(range(a - axes, a)), tuple(range(axes))
    else:
        ours, theirs = cast("tuple[tuple[int, ...], tuple[int, ...]]", axes)
    if (
        len(ours) != len(theirs)
        or a + b > len(ascii_letters)
        or any(not -r <= i < r for r, named in ((a, ours), (b, theirs)) for i in named)
    ):
        raise ShapeError(f"`axes` {axes} do not fit {format_shape(x1.shape)} and {format_shape(x2.shape)}")
    first = list(letters_for(a))
    second = list(letters_for(b, "".join(first)))
    for i, j in zip(ours, theirs, strict=True):
        second[j % b] = first[i % a]
    out = [c for c in first if c not in second] + [c for c in second if c not in first]
    return einsum("".join(first), "".join(second), "".join(out), x1.as_float(), x2.as_float())


@_add("inner")
def _inner(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    if not x1.rank or not x2.rank:
        return multiplied(x1, x2)
    return _tensordot(g, x1, x2, axes=((-1,), (-1,)))


@_add("vdot")
def _vdot(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """The sum of the products of all elements of all samples."""
    if x1.shape != x2.shape:
        shapes = f"{format_shape(x1.shape)} and {format_shape(x2.shape)}"
        raise ShapeError(f"it takes two tensors of one shape, found {shapes}")
    y = multiplied(x1, x2)
    return y.sum(tuple(range(y.rank))) if y.rank else y


@_add("outer")
def _outer(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """All products: (N,) and a constant (n,) → (N, n)."""
    if x2.batched or (x1.batched and x1.rank > 1):
        raise ShapeError("it would mix the samples of the batch", "use `einsum`: `bi,bj->bij`")
    column = reshaped(x1.as_float(), (None if x1.batched else x1.type.size, 1))
    return multiplied(column, reshaped(x2.as_float(), (x2.type.size,)))


@_add("kron")
def _kron(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """Every element of x1 times all of x2, which is constant."""
    a, b = x1.as_float(), x2.as_float()
    if b.batched or b.rank > a.rank or (b.rank == a.rank and b.shape[0] != 1):
        raise ShapeError("it would mix the samples of the batch: the second tensor is constant, and 1 where that is")
    small = (*(1,) * (a.rank - b.rank), *b.dims)
    apart = [n for d in a.shape for n in (d, 1)]
    between = [n for d in small for n in (1, d)]
    y = multiplied(reshaped(a, tuple(apart)), reshaped(b, tuple(between)))
    return reshaped(y, tuple(None if d is None else d * n for d, n in zip(a.shape, small, strict=True)))


@_add("cross")
def _cross(
    g: Builder, x1: Tensor, x2: Tensor, *, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Tensor:
    """The vector product of vectors of 3 numbers."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = (_vectors_last(x.as_float(), at) for x, at in ((x1, axisa), (x2, axisb)))
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ShapeError(f"it takes vectors of 3 numbers, found {a.shape[-1]} and {b.shape[-1]}")

    def turned(x: Tensor, by: int) -> Tensor:
        return x.emit(Take(x.rank - 1, tuple((i + by) % 3 for i in range(3))))

    y = multiplied(turned(a, 1), turned(b, 2)) - multiplied(turned(a, 2), turned(b, 1))
    (to,) = resolve_axes(axisc, y.rank)
    order = list(range(y.rank - 1))
    order.insert(to, y.rank - 1)
    return permuted(y, order)


def _vectors_last(x: Tensor, axis: int) -> Tensor:
    (at,) = resolve_axes(axis, x.rank)
    return permuted(x, [*(a for a in range(x.rank) if a != at), at])


@_add("vander")
def _vander(g: Builder, x: Tensor, *, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803
    """The powers of every number: (N,) → (N, n)."""
    if x.rank != 1 or N is None or not 1 <= N <= 256:
        raise ShapeError("it takes one number per sample, and the number of powers in `N`, up to 256", code="E204")
    column = reshaped(x.as_float(), (*x.shape, 1))
    powers = [column.not_equal(column) * 0.0 + 1.0]
    while len(powers) < N:
        powers.append(multiplied(powers[-1], column))

    ordered = powers if increasing else powers[::-1]
    return concatenate(ordered, 1) if len(ordered) > 1 else ordered[0]


@_add("cdist")
def _cdist(g: Builder, x: Tensor, y: Tensor) -> Tensor:
    """Euclid's distances of all vectors of x to all of y: (..., m, d), (..., n, d) → (..., m, n)."""
    a, b = x.as_float(), y.as_float()
    if min(a.rank - a.batched, b.rank - b.batched) < 2:
        raise ShapeError("it takes rows of vectors beside the batch", axis="rank")
    a = reshaped(a, (*a.shape[:-1], 1, a.shape[-1]))
    b = reshaped(b, (*b.shape[:-2], 1, *b.shape[-2:]))
    square = (a - b).square()
    return square.sum((square.rank - 1,)).sqrt()
