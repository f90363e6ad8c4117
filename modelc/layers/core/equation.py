"""The equations of EinsumDense: `abc,cd->abd`, with an ellipsis for axes that nothing happens to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modelc.errors import ShapeError
from modelc.graph.types import Shape, format_shape
from modelc.layers.core.einsum import letters_for

_FORMS = re.compile(
    r"(?P<left>\.\.\.)?(?P<input>[a-zA-Z]+)(?P<right>\.\.\.)?,(?P<kernel>[a-zA-Z]+)->"
    r"(?P<out_left>\.\.\.)?(?P<output>[a-zA-Z]+)(?P<out_right>\.\.\.)?"
)


@dataclass(frozen=True)
class Equation:
    """An equation as it is written; `elided` is the side of the ellipsis in the input and the output."""

    input: str
    kernel: str
    output: str
    elided: str = ""

    @classmethod
    def parse(cls, text: str) -> Equation:
        """The parts of `text`. Raises `ValueError` with a message for anything else than an equation."""
        found = _FORMS.fullmatch(text.replace(" ", ""))
        sides = [bool(found[side]) for side in ("left", "right", "out_left", "out_right")] if found else []
        if found is None or sides[:2] != sides[2:] or all(sides):
            raise ValueError("expected an equation such as `ab,bc->ac`, `...b,bc->...c` or `ab...,bc->ac...`")
        equation = cls(found["input"], found["kernel"], found["output"], "left" * sides[0] + "right" * sides[1])
        for part in (equation.input, equation.kernel, equation.output):
            if len(set(part)) != len(part):
                raise ValueError(f"`{part}` names an axis twice")
        for c in equation.output:
            if c not in equation.input + equation.kernel:
                raise ValueError(f"`{c}` of the output is in neither operand")
        for c in equation.kernel:
            if c not in equation.input + equation.output:
                raise ValueError(f"`{c}` of the kernel is in neither the input nor the output")
        return equation


@dataclass(frozen=True)
class Shaped:
    """An equation on an input of some shape: letters for all axes, ellipses included, and the sizes."""

    input: str
    kernel: str
    output: str
    kernel_shape: tuple[int, ...]
    bias: str
    """The letters of the bias, from its first axis to the last axis of the output."""
    bias_shape: tuple[int, ...]
    input_axes: tuple[int, ...]
    """The axes of the kernel that are summed over."""
    output_axes: tuple[int, ...]
    """The axes of the kernel that the output has."""


def shaped(equation: Equation, bias_axes: str | None, input: Shape, output_shape: tuple[int | None, ...]) -> Shaped:
    """What Keras makes of an equation. Raises `ShapeError` where the input or `output_shape` does not fit."""
    elided = len(input) - len(equation.input)
    if elided < 0 or (elided and not equation.elided):
        raise ShapeError(
            f"the equation takes {len(equation.input)}-D input, found {format_shape(input)}",
            "write `...` for axes that stay as they are" if elided > 0 else None,
            axis="rank",
            takes=len(equation.input),
        )
    extra = letters_for(elided, equation.input + equation.kernel + equation.output)
    left, right = (extra, "") if equation.elided == "left" else ("", extra)
    letters, output = left + equation.input + right, left + equation.output + right
    named = equation.output if left else equation.output[1:]
    if len(output_shape) != len(named):
        given, most = list(output_shape), len(named)
        raise ShapeError(f"`output_shape` {given} has {len(given)} sizes, the equation gives {most} beside the batch")
    sizes = dict(zip(letters, input, strict=True))
    if letters[0] != output[0]:
        raise ShapeError(f"the output of the equation must begin with the batch, which is `{letters[0]}`")
    for c, size in zip(named, output_shape, strict=True):
        if size is not None and sizes.setdefault(c, size) != size:
            raise ShapeError(f"`{c}` is {sizes[c]} in the input {format_shape(input)} and {size} in `output_shape`")
    kernel_shape = tuple(_size(sizes, c) for c in equation.kernel)
    tail = output[output.index(min(bias_axes, key=output.index)) :] if bias_axes else ""
    return Shaped(
        letters,
        equation.kernel,
        output,
        kernel_shape,
        tail,
        tuple(_size(sizes, c) if c in (bias_axes or "") else 1 for c in tail),
        tuple(i for i, c in enumerate(equation.kernel) if c not in equation.output),
        tuple(i for i, c in enumerate(equation.kernel) if c in equation.output),
    )


def _size(sizes: dict[str, int | None], letter: str) -> int:
    if letter not in sizes:
        raise ShapeError(f"the size of `{letter}` is not known", "say it in `output_shape`")
    size = sizes[letter]
    if size is None:
        raise ShapeError(f"`{letter}` is the batch, for which there are no weights")
    return size
