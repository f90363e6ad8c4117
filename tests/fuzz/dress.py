"""What a valid spec can be given besides: variables, a view, training, other ways of writing it; and small mistakes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from draw import ODD, Drawer
from grow import numbers

import modelc
from modelc.errors import ModelcError

Plain = dict[str, Any]


_MISFITS = 0.15
"""The share of what does not fit that stays, and makes the spec one that is refused."""


def dressed(random: Random, spec: Plain) -> Plain:
    """The spec with some of them."""
    for dress, share in ((_view, 0.3), (_single_input, 0.5), (_variables, 0.3), (_training, 0.25), (_others, 0.2)):
        if random.random() >= share:
            continue
        before = deepcopy(spec)
        dress(random, spec)
        if random.random() >= _MISFITS and not _fits(spec):
            spec = before
    return spec


def _fits(spec: Plain) -> bool:
    return _graph(spec) is not None


def _graph(spec: Plain) -> Any:
    """Its graph; None where it is refused."""
    try:
        return modelc.load_spec(deepcopy(spec)).graph
    except ModelcError:
        return None


def _single_input(random: Random, spec: Plain) -> None:
    """`input` in place of `inputs` where there is one; where layers follow each other, nothing is named."""
    if len(spec["inputs"]) != 1:
        return
    ((name, options),) = spec["inputs"].items()
    del spec["inputs"]
    spec["input"] = {"name": name, **options}
    entries = spec["layers"]
    chain = [name, *(entry.get("name") for entry in entries)]
    viewed = any(key in spec for key in ("truncate", "extract", "freeze"))
    if (
        not viewed
        and spec["outputs"] == chain[-1:]
        and all(
            "inputs" not in entry or entry["inputs"] == before for entry, before in zip(entries, chain, strict=False)
        )
    ):
        del spec["outputs"]
        for entry in entries:
            entry.pop("inputs", None)
            if "use" not in entry:
                entry.pop("name", None)
        if any("use" in entry for entry in entries):
            del spec["input"]["name"]


def _variables(random: Random, spec: Plain) -> None:
    """Some plain options as variables, one of which may be that of another one."""
    places = [place for place in numbers(spec["layers"]) if not str(place[0][place[1]]).startswith("${")]
    random.shuffle(places)
    table: Plain = {}
    for holder, key in places[: random.choice((1, 2, 4))]:
        if key in ("block", "use", "when", "repeat"):
            continue
        name = f"v{len(table)}"
        table[name] = holder[key]
        holder[key] = f"${{{name}}}"
        if random.random() < 0.2:
            table[f"{name}_too"] = table[name]
            table[name] = f"${{{name}_too}}"
    if table:
        spec["vars"] = table


def _view(random: Random, spec: Plain) -> None:
    """`truncate`, `extract` or `freeze`, by the names of layers or by patterns."""
    names = [entry["name"] for entry in spec["layers"] if "name" in entry and "use" not in entry] or ["dense"]
    pattern = random.choice((random.choice(names), "n*", "*", ":-1", "0:2", ["n*", "!n0"], names[:2], "-1"))
    match random.randrange(3):
        case 0:
            spec.pop("outputs", None)
            spec["truncate"] = random.choice(names)
        case 1:
            spec.pop("outputs", None)
            spec["extract"] = pattern
        case _:
            spec["freeze"] = pattern


def _training(random: Random, spec: Plain) -> None:
    """A section for the outputs that there are, on something that can be trained."""
    graph = _graph(spec)
    if graph is not None and not any(w.trainable for w in graph.weights) and spec.get("outputs"):
        head = {"type": random.choice(("Dense", "PReLU", "LayerNormalization")), "inputs": spec["outputs"][0]}
        spec["layers"].append({**head, "name": "head", **({"units": 3} if head["type"] == "Dense" else {})})
        spec["outputs"] = [*spec["outputs"][1:], "head"]
        graph = _graph(spec)
    drawer = Drawer(random, rich=0.25)
    training = drawer.options("Training")
    labels = graph.output_labels if graph is not None else spec.get("outputs") or ["a"]
    for option in ("loss", "loss_weights", "metrics", "weighted_metrics"):
        if isinstance(training.get(option), dict) and "a" in training[option]:
            training[option] = {random.choice(labels): training[option]["a"]}
    if len(labels) > 1:
        training["loss"] = {name: drawer.value({"$ref": "#/definitions/loss"}) for name in labels}
    spec["training"] = training


def _others(random: Random, spec: Plain) -> None:
    match random.randrange(5):
        case 0:
            spec["name"] = random.choice(("m", "a model", "ünï", "x" * 60, "a.b", "1"))
        case 1:
            spec["order"] = "depth"
        case 2:
            spec["semantics"] = "keras2"
        case 3:
            spec["limits"] = {random.choice(("params", "macs")): random.choice(("1M", "2k", 10**6, "1.5M"))}
        case _:
            options = spec.get("input") or next(iter(spec["inputs"].values()))
            options["batch_size"] = random.choice((1, 2, 3))


# --- mistakes


def mistaken(random: Random, spec: Plain) -> Plain:
    """The spec with a small mistake or two, somewhere in it."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        holders: list[Any] = []
        _holders(spec, holders)
        if not holders:  # the first mistake took all
            break
        random.choice(_MISTAKES)(random, random.choice(holders))
    return spec


def _holders(value: Any, found: list[Any]) -> None:
    if isinstance(value, dict | list):
        if value:
            found.append(value)
        for item in value.values() if isinstance(value, dict) else value:
            _holders(item, found)


def _other_value(random: Random, holder: Any) -> None:
    key = _key(random, holder)
    holder[key] = random.choice(ODD)


def _near_value(random: Random, holder: Any) -> None:
    key = _key(random, holder)
    match holder[key]:
        case bool() as flag:
            holder[key] = random.choice((not flag, int(flag)))
        case int() | float() as number:
            holder[key] = random.choice((number + 1, number - 1, -number, 10 * number, float(number), str(number)))
        case str() as text:
            holder[key] = random.choice((text[:-1], text + "s", text.upper(), f"{text}_1", f"{text}[0]", f"{text}@1"))
        case list() as items:
            holder[key] = random.choice((items[:-1], [*items, *items], items[::-1], items[:1]))
        case _:
            holder[key] = [holder[key]]


def _gone(random: Random, holder: Any) -> None:
    del holder[_key(random, holder)]


def _twice(random: Random, holder: Any) -> None:
    if isinstance(holder, list):
        holder.insert(random.randrange(len(holder) + 1), random.choice(holder))
    else:
        holder[random.choice(("name", "type", "inputs", "unit", "repeat", "spec", "x"))] = random.choice(
            (1, "n0", ["n0"], "Dense", {"type": "Dense"})
        )


def _misspelt(random: Random, holder: Any) -> None:
    if isinstance(holder, dict):
        key = random.choice(list(holder))
        at = random.randrange(len(key) + 1)
        holder[key[:at] + random.choice("aeix_") + key[at + 1 :]] = holder.pop(key)
    else:
        random.shuffle(holder)


def _key(random: Random, holder: Any) -> Any:
    return random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))


_MISTAKES: tuple[Callable[[Random, Any], None], ...] = (
    _other_value, _near_value, _near_value, _near_value, _gone, _twice, _misspelt,
)  # fmt: skip
