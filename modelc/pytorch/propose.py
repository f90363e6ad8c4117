"""Which module fills which layer: told by the map, by names, by shapes, and by the order that names tell.

Nothing is guessed: where two modules fit a layer, and no name tells which is meant, the error names both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from modelc.errors import Diagnostic, WeightsError
from modelc.pytorch.fits import Entries, fits, is_inputs_first
from modelc.pytorch.map_file import yaml_text
from modelc.pytorch.names import common_root, named_one, same_name
from modelc.pytorch.order import ModuleOrder, possible
from modelc.pytorch.pieces import Piece
from modelc.pytorch.slots import WeightSlot

_MOST_SHOWN = 20


class _Ways:
    """How pieces fill slots, by what both are."""

    def __init__(self, slots: Sequence[WeightSlot], pieces: Sequence[Piece]) -> None:
        kinds = _each_kind(slots)
        self.inputs_first = next((piece for piece in pieces if is_inputs_first(kinds, piece)), None)
        """A module that shows that the model stores matrices inputs first, as GPT-2 does; None in most models."""
        self._known: dict[tuple[object, object], list[Entries]] = {}

    def of(self, slot: WeightSlot, piece: Piece) -> list[Entries]:
        """The ways in which a piece fills a slot."""
        return fits(slot, piece, inputs_first=self.inputs_first is not None)

    def any(self, slot: WeightSlot, piece: Piece) -> bool:
        """Whether there is one."""
        key = slot.signature, piece.signature
        if key not in self._known:
            self._known[key] = self.of(slot, piece)
        return bool(self._known[key])


def propose(slots: Sequence[WeightSlot], pieces: Sequence[Piece], told: Mapping[str, str]) -> dict[str, Entries]:
    """For each slot, by its path, the entries that fill its weights; `told` names the modules of some slots.

    Raises `WeightsError` with a located message for every slot that nothing fits, or more than one thing.
    """
    ways = _Ways(slots, pieces)
    chosen = _Choice(slots, pieces, ways)
    chosen.tell(told)
    chosen.by_name()
    chosen.require_enough()
    chosen.narrow()
    mistakes = chosen.mistakes()
    found: dict[str, Entries] = {}
    for slot in slots if not mistakes else ():
        (piece,) = chosen.options[slot.path]
        entries = ways.of(slot, piece) or fits(slot, piece)  # a module that the map names may be of the other order
        if len(entries) > 1 and ways.inputs_first is not None:
            mistakes.append(_two_ways(slot, piece, ways.inputs_first))
        found[slot.path] = entries[0]
    if mistakes:
        raise WeightsError(mistakes[:_MOST_SHOWN])
    return found


class _Choice:
    """The modules that each slot may still be."""

    def __init__(self, slots: Sequence[WeightSlot], pieces: Sequence[Piece], ways: _Ways) -> None:
        self._slots, self._ways = slots, ways
        self._pieces = [piece for piece in pieces if any(ways.any(slot, piece) for slot in _each_kind(slots))]
        self._unused = [piece for piece in pieces if piece not in self._pieces]
        self.options = {slot.path: [piece for piece in self._pieces if ways.any(slot, piece)] for slot in slots}

    def tell(self, told: Mapping[str, str]) -> None:
        """Take the modules that the map names."""
        by_path = {piece.path: piece for piece in self._pieces}
        for slot in self._slots:
            if slot.path in told:
                self._take(slot.path, by_path[told[slot.path]])

    def by_name(self) -> None:
        """Take modules that have the names of slots, where one slot and one module have it."""
        root = common_root([piece.path for piece in self._pieces])
        pairs = [
            (slot.path, piece)
            for slot in self._slots
            if len(self.options[slot.path]) > 1
            for piece in self.options[slot.path]
            if same_name(slot.path, piece.path, root)
        ]
        slots, pieces = Counter(path for path, _ in pairs), Counter(piece.path for _, piece in pairs)
        for path, piece in pairs:
            if slots[path] == 1 and pieces[piece.path] == 1:
                self._take(path, piece)

    def require_enough(self) -> None:
        """Raise `WeightsError` where there are more slots of a kind than modules, or modules that no slot takes."""
        mistakes = [_nothing_fits(slot) for slot in self._slots if not self.options[slot.path]]
        for group in _groups(self._slots):
            fitting = [piece for piece in self._pieces if self._ways.any(group[0], piece)]
            if fitting and len(fitting) < len(group):
                mistakes.append(_too_few(group, fitting))
        mistakes += [_unexpected(piece) for piece in self._unused]
        for group in _alike(self._pieces):
            takers = [slot for slot in self._slots if self._ways.any(slot, group[0])]
            if not mistakes and len(group) > len(takers):
                mistakes.append(_too_many(group, takers))
        if mistakes:
            raise WeightsError(mistakes[:_MOST_SHOWN])

    def narrow(self) -> None:
        """Leave out what cannot be, by the order of modules and by names.

        A spec whose layers are in another order than the modules is not narrowed by that: shapes and names must do.
        """
        fitting = dict(self.options)
        for order in sorted(ModuleOrder, reverse=True):
            if self._narrowed(order):
                return
            self.options = dict(fitting)
        self._narrowed(None)

    def _narrowed(self, order: ModuleOrder | None) -> bool:
        """Narrow until nothing changes; whether there is an order in which the modules can be."""
        before = None
        while before != (left := sum(map(len, self.options.values()))):
            before = left
            if order is not None and not self._by_order(order):
                return False
            self._by_words()
        return True

    def mistakes(self) -> list[Diagnostic]:
        """What is still open, a message for each set of modules that slots may be."""
        found: list[Diagnostic] = []
        shown: set[frozenset[str]] = set()
        for slot in self._slots:
            options = self.options[slot.path]
            key = frozenset(piece.path for piece in options)
            if len(options) > 1 and key not in shown:
                shown.add(key)
                found.append(_two_fit(slot, options))
            elif not options:
                found.append(_nothing_fits(slot))
        return found

    def _by_order(self, order: ModuleOrder) -> bool:
        allowed = [{piece.path for piece in self.options[slot.path]} for slot in self._slots]

        def may_be(slot: int, piece: Piece) -> bool:
            return piece.path in allowed[slot]

        found = possible(self._pieces, len(self._slots), may_be, order)
        if found is None:
            return False
        for slot, options in zip(self._slots, found, strict=True):
            self.options[slot.path] = options
        return True

    def _by_words(self) -> None:
        meant: dict[str, Piece] = {}
        for path, options in self.options.items():
            by_path = {piece.path: piece for piece in options}
            if len(options) > 1 and (name := named_one(path, list(by_path))) is not None:
                meant[path] = by_path[name]
        taken = Counter(piece.path for piece in meant.values())
        for path, piece in meant.items():
            if taken[piece.path] == 1:
                self._take(path, piece)
        for path, options in list(self.options.items()):
            if len(options) == 1:
                self._take(path, options[0])

    def _take(self, path: str, piece: Piece) -> None:
        for other, options in self.options.items():
            if other != path and piece in options:
                self.options[other] = [one for one in options if one is not piece]
        self.options[path] = [piece]


def _each_kind(slots: Iterable[WeightSlot]) -> list[WeightSlot]:
    return list({slot.signature: slot for slot in slots}.values())


def _groups(slots: Iterable[WeightSlot]) -> list[list[WeightSlot]]:
    found: dict[object, list[WeightSlot]] = {}
    for slot in slots:
        found.setdefault(slot.signature, []).append(slot)
    return list(found.values())


def _alike(pieces: Iterable[Piece]) -> list[list[Piece]]:
    found: dict[object, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(piece.signature, []).append(piece)
    return list(found.values())


# --- messages


def _told(slot: WeightSlot, message: str, help: str | None) -> Diagnostic:
    place = slot.layer.place
    if place is not None:
        return place.diagnostic("E602", message, help)
    return Diagnostic("E602", message, help)


def _two_fit(slot: WeightSlot, options: Sequence[Piece]) -> Diagnostic:
    first, second, *rest = options
    more = f", or {len(rest)} more" if rest else ""
    message = f"{slot.described()} can be {first.described()} or {second.described()}{more}, and nothing tells which"
    layer, one, other = (yaml_text(path) for path in (slot.path, first.path, second.path))
    return _told(slot, message, f"write `layers: {{{layer}: {one}}}`, or `{other}`, in the map")


def _two_ways(slot: WeightSlot, piece: Piece, example: Piece) -> Diagnostic:
    weight = slot.weights["kernel"].path
    name = piece.tensors["weight"].name
    message = (
        f"{piece.described()} is square, so that its shape does not tell whether it is stored outputs first or, as "
        f"`{example.path}` is, inputs first"
    )
    ways = [way[weight] for way in fits(slot, piece)]
    first, second = (f"as: {entry.axes}" if entry.axes else "no `as`" for entry in ways[:2])
    return _told(
        slot, message, f"write `weights: {{{weight}: {{from: {name}, …}}}}` with `{first}`, or `{second}`, in the map"
    )


def _nothing_fits(slot: WeightSlot) -> Diagnostic:
    shapes = ", ".join(f"{role} {list(weight.shape)}" for role, weight in slot.weights.items())
    message = f"`{slot.path}` is a {slot.kind} with {shapes}, and the file has none that fits"
    help = "say by `weights:` in the map what its weights are, or correct the spec"
    if slot.kind == "gru that resets before its matrix":
        help = "a GRU of PyTorch resets after it: leave `reset_after: false` out of the spec"
    return _told(slot, message, help)


def _too_few(slots: Sequence[WeightSlot], pieces: Sequence[Piece]) -> Diagnostic:
    names = ", ".join(f"`{piece.path}`" for piece in pieces[:5])
    needed = f"{len(slots)} layers such as {slots[-1].described()} need as many modules"
    message = f"{needed}, and the file has {len(pieces)}: {names}"
    return _told(slots[-1], message, "say by `weights:` in the map which of them share a tensor, or correct the spec")


def _too_many(pieces: Sequence[Piece], slots: Sequence[WeightSlot]) -> Diagnostic:
    names = ", ".join(f"`{piece.path}`" for piece in pieces[:8])
    message = f"{len(pieces)} modules can only be layers such as {slots[-1].described()}, and the spec has {len(slots)}"
    return _told(slots[-1], f"{message}: {names}", "list those that the spec does not need under `ignore:` in the map")


def _unexpected(piece: Piece) -> Diagnostic:
    tensors = ", ".join(f"`{tensor.name}` {list(tensor.shape)}" for tensor in piece.tensors.values())
    help = f"write `ignore: [{yaml_text(piece.path)}]` in the map if the spec does not need it"
    return Diagnostic("E602", f"no layer takes the module `{piece.path}`: {tensors}", help)
