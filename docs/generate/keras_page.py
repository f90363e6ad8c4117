"""docs/keras-layers.md: all of `keras.layers` against modelc."""

from __future__ import annotations

import json
from collections.abc import Iterable

from modelc.layers import LAYERS
from modelc.layers.names.refused import REFUSED
from modelc.layers.operations.registry import Entry
from modelc.layers.operations.table import OPERATIONS


def keras_layers_page() -> str:
    """The page."""
    supported = _of("keras.layers")
    rows = [f"| `{name}` | {_verdict(name)} |" for name in sorted([*supported, *REFUSED])]
    return "\n".join(
        [
            "# The layers of Keras\n",
            f"`keras.layers` of Keras 3.15 has {len(rows)} classes, aliases excluded: modelc supports "
            f"{len(supported)} of them with all of their options and refuses {len(REFUSED)} for the reasons below. "
            "Random layers (augmentation, dropout, noise) are the identity at inference.\n",
            f"modelc also has {', '.join(f'`{name}`' for name in _of('keras.applications'))} of the models of "
            f"`keras.applications`, {_linked(_of('Keras 2'))} of Keras 2, {_linked(_of('Keras 1'))} of Keras 1, "
            f"and its own {_linked(_of('modelc'))}, which represents calls of `keras.ops` functions in a functional "
            "model.\n",
            "| class | |",
            "|---|---|",
            *rows,
            "",
            "## Operations\n",
            f"The {len(OPERATIONS)} functions of [`Operation`](layers.md#operation), by their names in `keras.ops`. "
            "Operands are inputs, or constants given in `operands`; arguments are given in `arguments`. "
            "[The functions of Keras](keras-ops.md) lists the others with the reasons why they are refused.\n",
            "| operation | operands | arguments |",
            "|---|---|---|",
            *(_operation(OPERATIONS[name]) for name in sorted(OPERATIONS)),
            "",
        ]
    )


def _of(origin: str) -> list[str]:
    """The layers that come from there."""
    return [name for name in LAYERS.names if LAYERS[name].origin == origin]


def _linked(names: Iterable[str]) -> str:
    return ", ".join(f"[`{name}`](layers.md#{name.lower()})" for name in names)


def _operation(entry: Entry) -> str:
    return f"| `{entry.name}` | {' | '.join(operands_and_arguments(entry))} |"


def operands_and_arguments(entry: Entry) -> tuple[str, str]:
    """What an operation takes, as the cells of a table."""
    operands = ", ".join(f"`{name}`" for name in entry.tensors) + (", …" if entry.variadic else "")
    fields = entry.arguments.model_fields.items()
    arguments = (f"`{name}`" if field.is_required() else f"`{name}: {_plain(field.default)}`" for name, field in fields)
    return operands, ", ".join(arguments)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _verdict(name: str) -> str:
    return f"refused: {REFUSED[name]}" if name in REFUSED else f"[supported](layers.md#{name.lower()})"
