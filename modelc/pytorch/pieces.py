"""The modules of a PyTorch model, from the names of its tensors: what one layer of a spec takes together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modelc.pytorch.entry import Part

Shape = tuple[int, ...]

_RECURRENT = re.compile(r"(weight_ih|weight_hh|bias_ih|bias_hh)(?:_l(\d+))?(_reverse)?")
_OLDER = {"gamma": "weight", "beta": "bias"}
"""What TensorFlow called them, in files that were converted from it."""
_PROJECTIONS = ("q", "k", "v")
PARTS = ("query", "key", "value")
"""What the parts of a tensor are that holds three projections."""
QUERY_KEY_VALUE = frozenset({"qkv", "in_proj", "c_attn"})
"""Modules that hold the projections of queries, keys and values one after the other."""


@dataclass(frozen=True, slots=True)
class PieceTensor:
    """A tensor of a module, or a part of one."""

    name: str
    shape: Shape
    part: Part | None = None


@dataclass(frozen=True, eq=False)
class Piece:
    """A module, or a part of one that a layer takes: one direction of one level of an LSTM."""

    path: str
    """Its place in the model: `layer1.0.conv1`, `lstm.l0`, `attn.q`."""
    tensors: Mapping[str, PieceTensor]
    """What it holds, by its role: `weight`, `bias`, `running_mean`, `weight_ih`, or `value` for a lone parameter."""

    @property
    def backward(self) -> bool:
        """Whether it is the backward direction of a recurrent module."""
        return self.path.endswith("_reverse")

    @property
    def signature(self) -> tuple[object, ...]:
        """Direction, roles, shapes and parts: pieces with one signature differ in their names alone."""
        tensors = sorted((role, tensor.shape) for role, tensor in self.tensors.items())
        return self.backward, self.part, *tensors

    @property
    def part(self) -> Part | None:
        """Which of three projections it is, where they are one tensor."""
        return next((tensor.part for tensor in self.tensors.values()), None)

    def described(self) -> str:
        """Its path, as messages show it, with the shape of its largest tensor."""
        shape = max((tensor.shape for tensor in self.tensors.values()), key=lambda shape: (len(shape), shape))
        return f"`{self.path}` {list(shape)}"


def pieces_of(shapes: Mapping[str, Shape]) -> list[Piece]:
    """The pieces of a model with these tensors, in the order of their names, numbers by their values."""
    found: dict[str, dict[str, PieceTensor]] = {}
    for name in sorted(shapes, key=natural):
        module, _, last = name.rpartition(".")
        tensor, last = PieceTensor(name, shapes[name]), _OLDER.get(last, last)
        if (match := _RECURRENT.fullmatch(last)) is not None:
            level = f"l{match[2]}{match[3] or ''}" if match[2] is not None else ""
            found.setdefault(_joined(module, level), {})[match[1]] = tensor
        elif last in ("in_proj_weight", "in_proj_bias"):
            _add_projections(found, module, last.removeprefix("in_proj_"), tensor)
        elif match := re.fullmatch(r"([qkv])_proj_weight", last):
            found.setdefault(_joined(module, match[1]), {})["weight"] = tensor
        elif last in ("weight", "bias", "running_mean", "running_var"):
            found.setdefault(module, {})[last] = tensor
        else:
            found[name] = {"value": tensor}
    return [Piece(path, tensors) for path, tensors in found.items()]


def split_projections(pieces: Collection[Piece]) -> list[Piece]:
    """The same pieces, those that hold three projections as three."""
    split: list[Piece] = []
    for piece in pieces:
        weight = piece.tensors.get("weight")
        if piece.path.rpartition(".")[2] not in QUERY_KEY_VALUE or weight is None or len(weight.shape) != 2:
            split.append(piece)
            continue
        found: dict[str, dict[str, PieceTensor]] = {}
        rows, columns = weight.shape
        _add_projections(found, piece.path, "weight", weight, axis=1 if columns == 3 * rows else 0)
        if (bias := piece.tensors.get("bias")) is not None:
            _add_projections(found, piece.path, "bias", bias)
        split += [Piece(path, tensors) for path, tensors in found.items()]
    return split


def natural(name: str) -> list[tuple[int, str]]:
    """What names are sorted by: numbers in them by their values."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _add_projections(
    found: dict[str, dict[str, PieceTensor]], module: str, role: str, tensor: PieceTensor, axis: int = 0
) -> None:
    if tensor.shape and tensor.shape[axis] % 3 == 0:
        for i, letter in enumerate(_PROJECTIONS):
            part = Part(i, 3, axis)
            found.setdefault(_joined(module, letter), {})[role] = PieceTensor(
                tensor.name, part.shape(tensor.shape), part
            )
    else:
        found[tensor.name] = {"value": tensor}


def _joined(module: str, part: str) -> str:
    return ".".join(filter(None, (module, part)))
