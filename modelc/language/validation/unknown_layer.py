"""What to say about a layer type that modelc does not have: the entry as it should be, the reason, or a near name."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.config.arguments import show
from modelc.config.validation import meant_key
from modelc.language.text.node import TextNode
from modelc.layers import LAYERS
from modelc.layers.names.refused import REFUSED
from modelc.text.suggest import did_you_mean
from modelc.text.unknown import Suggestion, ask, unknown
from modelc.words.keys import is_unneeded
from modelc.words.layers import Meant, key_of, meant_layer, reason_for

_LONGEST_ENTRY = 110
"""Characters of a corrected entry that are shown; of a longer one the type alone is."""
_ALL = (
    "layers are named as in Keras 3, such as Dense, Conv2D, MaxPooling2D, LSTM; `modelc schema` and the docs list all"
)


def unknown_layer(name: str, entry: TextNode) -> tuple[str, str]:
    """The message and the help for a `type` that is none of modelc's."""
    help = layer_advice(name, entry.value if isinstance(entry.value, dict) else {})
    return unknown("layer", name, (), otherwise=help)


def layer_advice(name: str, options: Mapping[str, TextNode] | None = None) -> str:
    """What to write instead of a layer of this name, with the options in modelc's words as far as they are known."""
    meant = _spelt_otherwise(name) or meant_layer(name)
    if meant is not None:
        note = f"; {meant.note}" if meant.note else ""
        return Suggestion(f"write {_entry(meant, options or {})}{note}", meant.type, name)
    refused = {key_of(known): reason for known, reason in REFUSED.items()}
    reason = refused.get(key_of(name)) or reason_for(name)
    if reason is not None:
        return reason
    near = did_you_mean(name.rpartition(".")[2], LAYERS.names)
    return ask(near, name) if near else _ALL


def _spelt_otherwise(name: str) -> Meant | None:
    """The layer that is meant where the prefix of a module is all that is wrong."""
    prefix, _, bare = name.rpartition(".")
    same = {key_of(known): known for known in LAYERS.names}.get(key_of(bare))
    return Meant(same) if prefix and same is not None else None


def _entry(meant: Meant, options: Mapping[str, TextNode]) -> str:
    """The corrected entry on one line, where all its options have a counterpart."""
    cls = LAYERS[meant.type]
    known = [field.alias or name for name, field in cls.model_fields.items()]
    written = {"type": meant.type, **{key: str(value) for key, value in meant.given.items()}}
    for key, node in _flat(options).items():
        own = key if key in known else meant_key(key, meant.type, known)
        if own is None and is_unneeded(key):
            continue
        if own is None or isinstance(node.value, dict) or node.broken:
            return f"`type: {meant.type}`"
        written[own] = _value(node)
    text = f"{{{', '.join(f'{key}: {value}' for key, value in written.items())}}}"
    return f"`{text}`" if len(text) <= _LONGEST_ENTRY and len(written) > 1 else f"`type: {meant.type}`"


def _flat(options: Mapping[str, TextNode]) -> dict[str, TextNode]:
    """The options of an entry; of one in Caffe's form those in `convolution_param` as well."""
    flat: dict[str, TextNode] = {}
    for key, node in options.items():
        if key.endswith("_param") and isinstance(node.value, dict):
            flat |= node.value
        elif key != "type":
            flat[key] = node
    return flat


def _value(node: TextNode) -> str:
    if isinstance(node.value, tuple):
        return f"[{', '.join(map(_value, node.value))}]"
    return node.value if isinstance(node.value, str) else show(node.plain())
