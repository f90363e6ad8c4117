"""Names of layers by those of an ONNX file: of its nodes, or of the modules that their weights belong to."""

from __future__ import annotations

from re import compile as regex

from modelc.language.names import LONGEST_NAME, escaped

_WEIGHT = regex(
    r"(.+?)[./](weight|bias|kernel|gamma|scale|weight_orig|in_proj_weight|weight_ih_l\d+|embeddings?)(:\d+)?"
)
"""`layer1.0.conv1.weight` of PyTorch, `dense/kernel:0` of Keras."""
_VARIABLE = regex(
    r"(.+?)/((Read)?Variable\w*|MatMul|Conv\w*|BiasAdd|Cast|ExpandDims|Reshape|Tensordot)(/.*|_\d+|:\d+)*"
)
"""`sequential/dense/MatMul/ReadVariableOp:0` of TensorFlow."""
_MADE_UP = regex(r"(node_.*|n?\d+|val_\d+|onnx::.*|.*[_:]\d+)")


def module_of(weight: str) -> str:
    """The module or layer that an initializer belongs to, by its name; empty where its name does not say."""
    found = _WEIGHT.fullmatch(weight) or _VARIABLE.fullmatch(weight)
    return found[1] if found else ""


def layer_name(node: str, op: str, weight: str, kind: str) -> str:
    """What the layer of a node should be called; empty for an automatic name.

    The module of its weight, where that is said; else the node's own name, whose last part, where it is the operator's
    name, goes where the layer has weights, and else is `kind`, what such a layer is called. Names that a program made
    up are none: `Conv_12`, `node_relu_1`.
    """
    module = module_of(weight)
    if module:
        return _cleaned(_parts(module.replace(".", "/")))
    parts = _parts(node)
    if parts and _is_operator(parts[-1], op):
        parts = parts[:-1] + ([kind] if kind else [])
        if len(parts) == 1 and kind:
            return ""
    if not parts or _MADE_UP.fullmatch(parts[-1]):
        return ""
    return _cleaned(parts)


def _parts(name: str) -> list[str]:
    """The parts of a path, each without what it repeats of the one before: `layer1/layer1.0` is `layer1/0`."""
    made: list[str] = []
    before = ""
    for part in filter(None, name.split("/")):
        made.append(part.removeprefix(f"{before}.") if before else part)
        before = part
    return made


def _is_operator(part: str, op: str) -> bool:
    """Whether a name is the operator's own, with a number or not."""
    bare = part.lower().rstrip("0123456789").rstrip("_")
    return bare == op.lower() or bare in ("biasadd", "conv2d", "conv1d", "conv3d", "matmul", "add", "mul", "depthwise")


def _cleaned(parts: list[str]) -> str:
    made = escaped("/".join(parts))
    return made if len(made) <= LONGEST_NAME else ""
