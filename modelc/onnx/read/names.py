"""Names of layers by those of an ONNX file: of its nodes, or of the modules that their weights belong to."""

from __future__ import annotations

from re import IGNORECASE
from re import compile as regex

from modelc.language.names import LONGEST_NAME, escaped

_WEIGHT = regex(r"(.+)[./](weight|bias|kernel|gamma|scale|weight_orig|in_proj_weight|embeddings?)(:\d+)?")
"""`layer1.0.conv1.weight` of PyTorch, `dense/kernel:0` of Keras."""
_READ = regex(r"/?(Read)?(Variable|Cast|ReadVariableOp|MatMul|Conv2D|BiasAdd|ExpandDims).*")
_GENERATED = regex(r"(node_)?_?([A-Za-z]+[A-Za-z0-9]*?)_?\d*", IGNORECASE)
_NUMBERED = regex(r"(node_)?(n|val|onnx::\w+)?_?\d+")


def module_of(weight: str) -> str:
    """The module or layer that an initializer belongs to, by its name; empty where its name does not say."""
    found = _WEIGHT.fullmatch(weight)
    return found[1] if found else ""


def layer_name(node: str, op: str, weight: str) -> str:
    """What the layer of a node should be called; empty for an automatic name.

    The module of its weight, where that is said; else the node's own name without the operator at its end, unless a
    program made that up: `Conv_12`, `node_relu_1`.
    """
    module = module_of(weight)
    if module:
        return _cleaned(module.replace(".", "/"))
    parts = [part for part in node.split("/") if part]
    if parts and _is_generated(parts[-1], op):
        parts = parts[:-1]
    if not parts or _NUMBERED.fullmatch(parts[-1]) or (len(parts) == 1 and _is_generated(parts[-1], op)):
        return ""
    return _cleaned("/".join(parts))


def _is_generated(part: str, op: str) -> bool:
    """Whether a name is an operator's own with a number, and no one's choice."""
    bare = part.lower().removeprefix("node_").rstrip("0123456789").rstrip("_")
    return bare in (op.lower(), "") or (_GENERATED.fullmatch(part) is not None and bare.replace("_", "") == op.lower())


def _cleaned(name: str) -> str:
    made = escaped(name)
    return made if len(made) <= LONGEST_NAME else ""
