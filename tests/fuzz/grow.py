"""Specs that are valid, grown entry by entry: what does not fit is drawn anew, whatever comes of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from draw import Drawer

import modelc
from modelc.errors import ModelcError
from modelc.layers import LAYERS
from modelc.layers.operations.table import OPERATIONS

sys.path.insert(0, str(Path(__file__).parents[1] / "layers"))

from rows_core import ROWS as CORE
from rows_images import ROWS as IMAGES
from rows_merging import ROWS as MERGING
from rows_sequences import ROWS as SEQUENCES
from rows_spatial import ROWS as SPATIAL

ROWS = (*CORE, *IMAGES, *MERGING, *SEQUENCES, *SPATIAL)
"""Every layer with options and inputs that fit each other, which shapes alone would hardly ever meet."""

Entry = dict[str, Any]
Plain = dict[str, Any]

_SHAPES = ((4,), (7,), (6, 4), (5, 3), (6, 6, 2), (8, 8, 3), (5, 7, 1), (3, 4, 4, 2), (1,), (2, 3, 3, 4, 2))
_MERGING = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
_LARGEST = 6_000
"""Elements of a sample, above which a value is not built upon."""
_MOST_TRIES = 8


@dataclass(frozen=True)
class Made:
    """A value that an entry or an input gives."""

    reference: str
    shape: tuple[int, ...]
    dtype: str
    owner: str


@dataclass
class Growing:
    """A valid spec so far."""

    spec: Plain
    values: list[Made]
    unused: list[str] = field(default_factory=list[str])
    """The entries whose values nothing takes yet: what the model returns."""
    types: dict[str, tuple[tuple[int, ...], ...]] = field(default_factory=dict[str, tuple[tuple[int, ...], ...]])
    """The shapes of the inputs of each layer, by its name."""

    @property
    def entries(self) -> list[Entry]:
        return self.spec["layers"]


class Grower:
    """Grows a spec; `refusals` holds the codes with which what did not fit was refused."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.drawer = Drawer(random, rich=random.choice((0.0, 0.05, 0.15, 0.3)))
        self.refusals: list[str] = []
        self._named = 0

    def grown(self, count: int) -> Plain:
        """A valid spec of about `count` entries, with its inputs at the top."""
        spec: Plain = {"modelc": 1, "inputs": {}, "layers": []}
        at = Growing(spec, [])
        for number in range(self.random.choice((1, 1, 1, 2, 3))):
            self._input(at, f"in{number}")
        for _ in range(count):
            for _ in range(_MOST_TRIES):
                step = self.random.choices(_STEPS, _OFTEN)[0]
                if (after := step(self, at)) is not None:
                    at = after
                    break
        if not at.entries:
            return {**at.spec, "layers": [{"type": "Identity", "name": "n", "inputs": "in0"}], "outputs": ["n"]}
        at.spec["outputs"] = list(at.unused)
        return at.spec

    # --- one step

    def _input(self, at: Growing, name: str) -> None:
        """An input of the shape that a row of the table of layers takes, or of any."""
        if self.random.random() < 0.5:
            row = self.random.choice(ROWS)
            shape, dtype = tuple(row.input), row.dtype
        else:
            shape, dtype = self.random.choice(_SHAPES), "float32"
        at.spec["inputs"][name] = {"shape": list(shape), **({} if dtype == "float32" else {"dtype": dtype})}
        at.values.append(Made(name, shape, dtype, name))

    def _layer(self, at: Growing) -> Growing | None:
        """Any layer with options that are drawn."""
        type = self.random.choice(layer_types())
        entry = self.drawer.entry(type)
        value = self._value(at)
        if type == "Operation":
            self._arguments(entry)
        return self._with(at, entry, self._operands(at, value, type))

    def _row(self, at: Growing) -> Growing | None:
        """A layer as its row has it, with another value of one of its options: on what fits it, or on a new input."""
        value = self._value(at)
        fitting = [row for row in ROWS if len(row.input) == len(value.shape) and row.config["type"] != "InputLayer"]
        if not fitting:
            return None
        row = self.random.choice(fitting)
        entry = deepcopy(dict(row.config))
        if row.vary and self.random.random() < 0.7:
            name, values = self.random.choice(list(row.vary.items()))
            entry[name] = deepcopy(self.random.choice(values))
        operands = [value]
        if row.others:
            others = [v for shape in row.others for v in at.values if v.shape == tuple(shape)]
            operands += others[: len(row.others)]
        elif LAYERS[row.config["type"]].required_inputs > 1 or LAYERS[row.config["type"]].variadic:
            return self._with(at, entry, self._operands(at, value, row.config["type"]))
        return self._with(at, entry, tuple(operands))

    def _group(self, at: Growing) -> Growing | None:
        """A layer, or a group of them, that is written several times: with another value of an option each time."""
        value = self._value(at)
        before = at.entries[-1].get("name") if at.entries else None
        if value.owner != before or value.reference != before:
            return None
        entries = [self.drawer.entry(self.random.choice(layer_types())) for _ in range(self.random.choice((1, 1, 2)))]
        times = self.random.choice((1, 2, 3))
        entry: Entry = {"layers": entries} if len(entries) > 1 or self.random.random() < 0.3 else entries[0]
        numbers = {k: v for k, v in entries[0].items() if isinstance(v, int) and not isinstance(v, bool)}
        if numbers and "layers" not in entry and self.random.random() < 0.5:
            name = self.random.choice(list(numbers))
            entry = {k: v for k, v in entry.items() if k != name}
            entry["each"] = {name: [numbers[name], numbers[name] + 1]}
        else:
            entry["repeat"] = times
        return self._with(at, {"type": "Activation", "activation": "relu"}, (), before=[entry], replaces=value)

    def _block(self, at: Growing) -> Growing | None:
        """A use of a new block of layers, one of whose numbers is a parameter."""
        entries = [self.drawer.entry(self.random.choice(layer_types())) for _ in range(self.random.choice((1, 2, 3)))]
        block: Plain = {"layers": entries}
        use: Entry = {"block": f"b{len(at.spec.get('blocks', {}))}"}
        places = list(numbers(entries))
        if places and self.random.random() < 0.8:
            holder, key = self.random.choice(places)
            use["p"] = holder[key]
            holder[key] = "${p}"
            block["params"] = {"p": self.random.choice(("any", use["p"], {"default": use["p"], "help": "How many."}))}
            if block["params"]["p"] != "any" and self.random.random() < 0.5:
                del use["p"]
        if self.random.random() < 0.2:
            entries[0]["when"] = self.random.choice((True, False))
        return self._with(at, use, (self._value(at),), blocks={use["block"]: block})

    def _model(self, at: Growing) -> Growing | None:
        """A model as a layer, with a view of its own."""
        value = self._value(at)
        entries: list[Entry] = []
        for i in range(self.random.choice((1, 2, 3))):
            entries.append({**self.drawer.entry(self.random.choice(layer_types())), "name": f"l{i}"})
        entry: Entry = {"type": "Model", "spec": {"layers": entries}}
        if self.random.random() < 0.3:
            entry[self.random.choice(("truncate", "extract"))] = self.random.choice(entries)["name"]
        if self.random.random() < 0.3:
            entry["freeze"] = self.random.choice(("l0", ":-1", "l*", ["l*", "!l0"]))
        if self.random.random() < 0.3:
            entry["trainable"] = self.random.random() < 0.5
        return self._with(at, entry, (value,))

    def _again(self, at: Growing) -> Growing | None:
        """A further use of a layer, which shares its weights."""
        if not at.types:
            return None
        name, shapes = self.random.choice(list(at.types.items()))
        fitting = [[v for v in at.values if v.shape == shape] for shape in shapes]
        if not all(fitting):
            return None
        return self._with(at, {"use": name}, tuple(self.random.choice(values) for values in fitting))

    def _merge(self, at: Growing) -> Growing | None:
        """Two or three values of one shape in one."""
        value = self._value(at)
        same = [v for v in at.values if v.shape == value.shape and v.dtype == value.dtype]
        type = self.random.choice(_MERGING)
        count = 2 if type in ("Subtract", "Dot") else self.random.choice((2, 3))
        entry = self.drawer.entry(type)
        return self._with(at, entry, tuple(self.random.choice(same) for _ in range(count)))

    def _arguments(self, entry: Entry) -> None:
        """Arguments of the operation that is named, by their own schema."""
        operation = OPERATIONS[entry["operation"]]
        schema = operation.arguments.model_json_schema()
        arguments = {
            name: self.drawer.value(option)
            for name, option in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or self.random.random() < 0.4
        }
        entry.pop("operands", None)
        entry["arguments"] = arguments
        if operation.required > 1 and self.random.random() < 0.5:
            entry["operands"] = self.random.choice(([None, 2], [0.5, None], [None, [1, 2]], [None, 1, 2]))

    # --- what it is applied to

    def _value(self, at: Growing) -> Made:
        last = at.values[-3:]
        return self.random.choice(last if self.random.random() < 0.7 else at.values)

    def _operands(self, at: Growing, value: Made, type: str) -> tuple[Made, ...]:
        layer = LAYERS[type]
        count = layer.required_inputs
        if layer.variadic:
            count = max(count, self.random.choice((1, 2)))
        elif len(layer.input_names) > count and self.random.random() < 0.3:
            count += 1
        same = [v for v in at.values if v.shape == value.shape] if self.random.random() < 0.8 else at.values
        return (value, *(self.random.choice(same) for _ in range(count - 1)))

    # --- what it is then

    def _with(
        self,
        at: Growing,
        entry: Entry,
        operands: tuple[Made, ...],
        *,
        blocks: Plain | None = None,
        before: list[Entry] | None = None,
        replaces: Made | None = None,
    ) -> Growing | None:
        """The spec with one more entry, or None where it is refused."""
        name = f"n{self._named}"
        self._named += 1
        entry = dict(entry)
        if "use" not in entry:
            entry["name"] = name
        if operands:
            references = [v.reference for v in operands]
            entry["inputs"] = references[0] if len(references) == 1 else references
        reference = name
        if "use" in entry:
            uses = sum(one.get("use") == entry["use"] for one in at.entries) + 1
            reference = f"{entry['use']}@{uses}"
        owners = {v.owner for v in (*operands, *([replaces] if replaces else []))}
        unused = [*(one for one in at.unused if one not in owners), reference]
        spec = {**at.spec, "layers": [*at.entries, *(before or []), entry], "outputs": unused}
        if blocks:
            spec["blocks"] = {**at.spec.get("blocks", {}), **blocks}
        try:
            graph = modelc.load_spec(deepcopy(spec)).graph
        except ModelcError as error:
            self.refusals.append(code_of(error))
            return None
        known = len(graph.outputs) - sum(1 for n in graph.output_names if _owner(n) == reference)
        new = graph.outputs[known:]
        if not new or any(not v.type.batched or v.type.size > _LARGEST for v in new):
            return None
        if sum(weight.size for weight in graph.weights) > 20 * _LARGEST:
            return None
        many = len(new) > 1
        made = [
            Made(f"{reference}[{i}]" if many else reference, v.type.dims, v.type.dtype, reference)
            for i, v in enumerate(new)
        ]
        types = dict(at.types)
        if "type" in entry and operands:
            types[name] = tuple(v.shape for v in operands)
        return Growing({k: v for k, v in spec.items() if k != "outputs"}, [*at.values, *made], unused, types)


def code_of(error: ModelcError) -> str:
    """The code of the first mistake, or the class of the error."""
    first = next(iter(getattr(error, "diagnostics", ())), None)
    return first.code if first is not None else getattr(error, "code", None) or type(error).__name__


def _owner(name: str) -> str:
    return name.partition("[")[0]


def numbers(entries: list[Entry]) -> Iterator[tuple[Entry, str]]:
    """The options that are plain values, where they are held."""
    for entry in entries:
        for key, value in entry.items():
            if key not in ("type", "name", "inputs") and isinstance(value, int | float | str | bool):
                yield entry, key


_Step = Callable[[Grower, Growing], Growing | None]
_CHOICES: tuple[tuple[_Step, int], ...] = (
    (Grower._layer, 8), (Grower._row, 5), (Grower._merge, 2), (Grower._group, 2), (Grower._block, 1),
    (Grower._model, 1), (Grower._again, 2),
)  # fmt: skip
_STEPS = [step for step, _ in _CHOICES]
_OFTEN = [often for _, often in _CHOICES]


@cache
def layer_types() -> tuple[str, ...]:
    """All types but that of an input."""
    return tuple(name for name in LAYERS.names if name != "InputLayer")
