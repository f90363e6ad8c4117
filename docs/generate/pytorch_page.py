"""docs/pytorch.md: how the weights of a PyTorch model come onto a spec, with a table made by converting each kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelc.language.load import load_definition
from modelc.pytorch.fits import fits
from modelc.pytorch.map_file import entry_text
from modelc.pytorch.pieces import pieces_of, split_projections
from modelc.pytorch.slots import slots_of

_TEMPLATE = Path(__file__).parent / "pytorch_template.md"

_SAMPLES: tuple[tuple[str, str, dict[str, Any], tuple[int, ...], dict[str, tuple[int, ...]]], ...] = (
    ("Dense", "Linear", {"units": 3}, (2,), {"weight": (3, 2), "bias": (3,)}),
    ("Dense", "Conv1D of GPT-2", {"units": 3}, (2,), {"weight": (2, 3), "bias": (3,)}),
    ("Conv2D", "Conv2d", {"filters": 3, "kernel_size": [4, 5]}, (9, 9, 2), {"weight": (3, 2, 4, 5), "bias": (3,)}),
    ("Conv2DTranspose", "ConvTranspose2d", {"filters": 3, "kernel_size": [4, 5]}, (9, 9, 2),
     {"weight": (2, 3, 4, 5), "bias": (3,)}),
    ("DepthwiseConv2D", "Conv2d, a group for each channel", {"kernel_size": [4, 5], "depth_multiplier": 3}, (9, 9, 2),
     {"weight": (6, 1, 4, 5), "bias": (6,)}),
    ("BatchNormalization", "BatchNorm1d, 2d, 3d", {}, (9, 9, 2),
     dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (2,))),
    ("LayerNormalization", "LayerNorm", {}, (9, 2), {"weight": (2,), "bias": (2,)}),
    ("Embedding", "Embedding", {"input_dim": 5, "output_dim": 2}, (9,), {"weight": (5, 2)}),
    ("PReLU", "PReLU", {"shared_axes": [1, 2]}, (9, 9, 2), {"weight": (2,)}),
    ("LSTM", "LSTM", {"units": 3}, (9, 2),
     {"weight_ih_l0": (12, 2), "weight_hh_l0": (12, 3), "bias_ih_l0": (12,), "bias_hh_l0": (12,)}),
    ("GRU", "GRU", {"units": 3}, (9, 2),
     {"weight_ih_l0": (9, 2), "weight_hh_l0": (9, 3), "bias_ih_l0": (9,), "bias_hh_l0": (9,)}),
    ("SimpleRNN", "RNN", {"units": 3}, (9, 2),
     {"weight_ih_l0": (3, 2), "weight_hh_l0": (3, 3), "bias_ih_l0": (3,), "bias_hh_l0": (3,)}),
    ("MultiHeadAttention", "MultiheadAttention", {"num_heads": 2, "key_dim": 3}, (9, 6),
     {"in_proj_weight": (18, 6), "in_proj_bias": (18,), "out_proj.weight": (6, 6), "out_proj.bias": (6,)}),
)  # fmt: skip


def pytorch_page() -> str:
    """The page, with a row for each sample."""
    return _TEMPLATE.read_text(encoding="utf-8").replace("ROWS", "\n".join(_row(*sample) for sample in _SAMPLES))


def _row(
    layer: str, module: str, options: dict[str, Any], shape: tuple[int, ...], tensors: dict[str, tuple[int, ...]]
) -> str:
    made = {"type": layer, "name": "x", **options}
    if layer == "MultiHeadAttention":
        made["inputs"] = ["y", "y"]
    inputs = {"y": {"shape": list(shape), **({"dtype": "int32"} if layer == "Embedding" else {})}}
    spec = load_definition({"modelc": 1, "inputs": inputs, "layers": [made]})
    pieces = split_projections(pieces_of(tensors))
    parts: list[str] = []
    for slot in slots_of(spec):
        letter = {"query": ".q", "key": ".k", "value": ".v"}.get(slot.path.rpartition("/")[2], "")
        piece = next(piece for piece in pieces if fits(slot, piece) and f".{piece.path}".endswith(letter))
        entries = fits(slot, piece)[0]
        paths = [weight.path for weight in slot.weights.values()]
        parts += [f"`{_short(path, slot.path)}: {entry_text(entries[path])}`" for path in paths]
    return f"| {layer} | {module} | {'<br>'.join(parts)} |"


def _short(path: str, slot: str) -> str:
    """The weight's name, with the part of the layer if it has several."""
    return path.removeprefix("x/") if slot.startswith("x/") and "cell" not in slot else path.rpartition("/")[2]
