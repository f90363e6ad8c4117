"""How a module of PyTorch fills the weights of a layer, kind by kind: one function a kind, and what each states.

PyTorch keeps channels before places and outputs before inputs; a spec keeps Keras's layouts, places before channels and
inputs before outputs. The gates of an LSTM have one order in both (input, forget, cell, output); a GRU of PyTorch has
reset, update, new, and one of Keras update, reset, new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from modelc.pytorch.entry import MapEntry
from modelc.pytorch.pattern import Pattern
from modelc.pytorch.pieces import PARTS, Piece, PieceTensor
from modelc.pytorch.slots import SlotKind, WeightSlot

Entries = dict[str, MapEntry]
"""By the path of the weight."""
Shape = tuple[int, ...]

_PLACES = {1: "w", 2: "h w", 3: "d h w"}
_GRU_GATES = (1, 0, 2)


def fits(slot: WeightSlot, piece: Piece, *, inputs_first: bool = True) -> list[Entries]:
    """The ways in which a piece fills a slot: none, one, or two between which nothing tells.

    Unless `inputs_first`, matrices are those of Linear alone, which are stored outputs first.
    """
    ways = _FITS[slot.kind](slot, piece)
    if slot.kind in _MATRICES and not inputs_first and piece.part is None:
        ways = ways[:1]
    return [found for found in ways if found is not None]


def is_inputs_first(slots: Sequence[WeightSlot], piece: Piece) -> bool:
    """Whether the piece holds a matrix that fills slots only where it is stored inputs first."""
    if piece.part is not None:
        return piece.part.axis == 1
    matrices = [slot for slot in slots if slot.kind in _MATRICES and fits(slot, piece)]
    return bool(matrices) and not any(fits(slot, piece, inputs_first=False) for slot in matrices)


Ways = list[Entries | None]


def _linear(slot: WeightSlot, piece: Piece) -> Ways:
    flat = slot.flattened
    out_in, in_out = ("o i -> i o", "i o -> i o") if flat is None else (
        f"o {flat.channels_first} -> {flat.channels_last} o", f"{flat.channels_first} o -> {flat.channels_last} o"
    )  # fmt: skip
    return _matrix(slot, piece, out_in, in_out)


def _projection_in(slot: WeightSlot, piece: Piece) -> Ways:
    if piece.part is not None and PARTS[piece.part.index] != slot.projection:
        return []
    bias = "(n d) -> n d"
    return _matrix(slot, piece, "(n d) i -> i n d", "i (n d) -> i n d", bias)


def _projection_out(slot: WeightSlot, piece: Piece) -> Ways:
    return [] if piece.part is not None else _matrix(slot, piece, "o (n d) -> n d o", "(n d) o -> n d o")


def _matrix(slot: WeightSlot, piece: Piece, out_in: str, in_out: str, bias: str | None = None) -> Ways:
    """A matrix as Linear stores it, outputs first; or as the Conv1D of GPT-2 does, inputs first."""
    weight = piece.tensors.get("weight")
    if weight is None:
        return []
    sizes = dict(slot.flattened.sizes) if slot.flattened is not None else {}
    if len(weight.shape) > 2 and all(n == 1 for n in weight.shape[2:]):  # a convolution of one place
        ones = " 1" * (len(weight.shape) - 2)
        left, arrow, right = out_in.partition(" ->")
        return [_filled(slot, piece, {"weight": f"{left}{ones}{arrow}{right}", "bias": bias}, sizes)]
    ways = [_filled(slot, piece, {"weight": axes, "bias": bias}, sizes) for axes in (out_in, in_out)]
    return ways if weight.part is None else [ways[weight.part.axis]]  # three matrices lie along the axis of the outputs


def _convolution(slot: WeightSlot, piece: Piece) -> Ways:
    places = _PLACES[len(slot.weights["kernel"].shape) - 2]
    weight = piece.tensors.get("weight")
    if weight is not None and len(weight.shape) == 2:  # Linear, for a kernel of one place
        return [_filled(slot, piece, {"weight": f"o i -> {' '.join('1' for _ in places.split())} i o"})]
    return [_filled(slot, piece, {"weight": f"o i {places} -> {places} i o"})]


def _transposed(slot: WeightSlot, piece: Piece) -> Ways:
    places = _PLACES[len(slot.weights["kernel"].shape) - 2]
    return [_filled(slot, piece, {"weight": f"i o {places} -> {places} o i"})]


def _depthwise(slot: WeightSlot, piece: Piece) -> Ways:
    places = _PLACES[len(slot.weights["kernel"].shape) - 2]
    return [_filled(slot, piece, {"weight": f"(c m) 1 {places} -> {places} c m"})]


def _batch_normalization(slot: WeightSlot, piece: Piece) -> Ways:
    return [_filled(slot, piece, dict.fromkeys(_STATISTICS, _channels(slot)), _sizes(slot), _STATISTICS)]


def _normalization(slot: WeightSlot, piece: Piece) -> Ways:
    roles = {"weight": ("gamma", "scale"), "bias": ("beta",)}
    rank = max(len(weight.shape) for weight in slot.weights.values())
    axes = _channels(slot)
    if rank > 1 and rank - 1 in _PLACES:
        axes = f"c {_PLACES[rank - 1]} -> {_PLACES[rank - 1]} c"
    return [_filled(slot, piece, dict.fromkeys(roles, axes), _sizes(slot), roles)]


def _embedding(slot: WeightSlot, piece: Piece) -> Ways:
    return [_filled(slot, piece, {"weight": None}, roles={"weight": ("embeddings",)})]


def _prelu(slot: WeightSlot, piece: Piece) -> Ways:
    (alpha,) = slot.weights.values()
    *ones, _ = alpha.shape
    if any(n != 1 for n in ones):
        return []
    axes = f"c -> {'1 ' * len(ones)}c" if ones else None
    return [_filled(slot, piece, {"weight": axes}, roles={"weight": (alpha.name,)})]


def _recurrent(slot: WeightSlot, piece: Piece) -> Ways:
    blocks = _GRU_GATES if slot.kind == "gru" else ()
    biased = "bias" in slot.weights
    if slot.backward != piece.backward:
        return []
    if sorted(piece.tensors) != [*(("bias_hh", "bias_ih") if biased else ()), "weight_hh", "weight_ih"]:
        return []
    tensors = piece.tensors
    entries = {
        slot.weights["kernel"].path: MapEntry((tensors["weight_ih"].name,), blocks=blocks, axes="o i -> i o"),
        slot.weights["recurrent_kernel"].path: MapEntry((tensors["weight_hh"].name,), blocks=blocks, axes="o i -> i o"),
    }
    if biased:
        bias = slot.weights["bias"]
        names = tensors["bias_ih"].name, tensors["bias_hh"].name
        entries[bias.path] = MapEntry(names, "stack" if slot.kind == "gru" else "add", blocks=blocks)
    return [entries if _fit(slot, tensors, entries) else None]


def _value(slot: WeightSlot, piece: Piece) -> Ways:
    tensor, (weight,) = piece.tensors.get("value"), slot.weights.values()
    if tensor is None:
        return []  # the matrix of a module may have to be transposed
    if tensor.shape == weight.shape:
        return [{weight.path: _entry(tensor, None)}]
    if _without_ones(tensor.shape) != _without_ones(weight.shape):
        return []
    return [{weight.path: _entry(tensor, f"{_lettered(tensor.shape)} -> {_lettered(weight.shape)}")}]


def _without_ones(shape: Shape) -> Shape:
    return tuple(n for n in shape if n != 1)


def _lettered(shape: Shape) -> str:
    """Axes of a pattern, the first one longer than 1 called `a`."""
    letters = iter("abcdefghijklmnop")
    return " ".join(next(letters) if n != 1 else "1" for n in shape)


_STATISTICS = {
    "weight": ("gamma",), "bias": ("beta",), "running_mean": ("moving_mean",), "running_var": ("moving_variance",),
}  # fmt: skip
_PLAIN = {"weight": ("kernel",), "bias": ("bias",)}
_MATRICES = ("linear", "projection in", "projection out")
_FITS: dict[SlotKind, Callable[[WeightSlot, Piece], Ways]] = {
    "linear": _linear,
    "projection in": _projection_in,
    "projection out": _projection_out,
    "convolution": _convolution,
    "transposed convolution": _transposed,
    "depthwise convolution": _depthwise,
    "batch normalization": _batch_normalization,
    "normalization": _normalization,
    "embedding": _embedding,
    "prelu": _prelu,
    "lstm": _recurrent,
    "gru": _recurrent,
    "gru that resets before its matrix": lambda slot, piece: [],  # no GRU of PyTorch does
    "rnn": _recurrent,
    "value": _value,
}


def _channels(slot: WeightSlot) -> str | None:
    flat = slot.flattened
    return None if flat is None else f"{flat.channels_first} -> {flat.channels_last}"


def _sizes(slot: WeightSlot) -> dict[str, int]:
    return dict(slot.flattened.sizes) if slot.flattened is not None else {}


def _filled(
    slot: WeightSlot,
    piece: Piece,
    axes: Mapping[str, str | None],
    sizes: Mapping[str, int] | None = None,
    roles: Mapping[str, Sequence[str]] = _PLAIN,
) -> Entries | None:
    """The entries where each tensor has a weight and each weight a tensor, of the right shapes; else None.

    `axes` gives the pattern of each role of the piece, None for tensors that stay as they are; `roles` what the
    weights of the layer are called.
    """
    entries: Entries = {}
    for role, tensor in piece.tensors.items():
        weight = next((slot.weights[name] for name in roles.get(role, ()) if name in slot.weights), None)
        if weight is None:
            return None
        pattern = axes.get(role)
        used = {name: size for name, size in (sizes or {}).items() if pattern is not None and name in pattern}
        entries[weight.path] = _entry(tensor, pattern, used)
    return entries if _fit(slot, piece.tensors, entries) else None


def _entry(tensor: PieceTensor, axes: str | None, sizes: Mapping[str, int] | None = None) -> MapEntry:
    axes = None if axes is not None and _keeps(axes) else axes
    return MapEntry((tensor.name,), part=tensor.part, axes=axes, sizes=dict(sizes or {}) if axes else {})


def _keeps(axes: str) -> bool:
    pattern = Pattern.of(axes)
    return pattern.left == pattern.right


def _fit(slot: WeightSlot, tensors: Mapping[str, PieceTensor], entries: Entries) -> bool:
    """Whether every weight of the slot has an entry whose tensors have the right shapes."""
    shapes = {weight.path: weight.shape for weight in slot.weights.values()}
    if entries.keys() != shapes.keys():
        return False
    whole = {tensor.name: _whole(tensor) for tensor in tensors.values()}
    for path, entry in entries.items():
        try:
            entry.check(whole, shapes[path])
        except ValueError:
            return False
    return True


def _whole(tensor: PieceTensor) -> Shape:
    """The shape of the tensor that it is a part of."""
    if tensor.part is None:
        return tensor.shape
    axis = tensor.part.axis
    return (*tensor.shape[:axis], tensor.shape[axis] * tensor.part.of, *tensor.shape[axis + 1 :])
