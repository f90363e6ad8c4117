"""Scopes of names during expansion: the entry that a reference denotes, and its final name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from re import compile as regex
from typing import Final, TypeAlias

from modelc.language.expansion.blocks import INPUT, BlockDefinition
from modelc.language.names import LONGEST_NAME, Namer
from modelc.language.text.node import TextNode, UseSite
from modelc.text.naming import snake_case

_NUMBER = regex(r"_\d+$")


@lru_cache(maxsize=1000)
def _base(type: str) -> str:
    return snake_case(type[:LONGEST_NAME])


Slot: TypeAlias = tuple[int, ...]
"""The place of an entry among those of its block or model, the same every time that it is repeated."""


@dataclass(slots=True, eq=False)
class Item:
    """One entry of the flat list."""

    node: TextNode
    area: Area
    scope: Scope
    site: UseSite | None
    before: tuple[Target, ...] | None = None
    """Its input, if the entry does not name it and it is not the entry before."""
    after: Item | None = None
    """The entry before it in the flat list."""
    name: str | None = None
    """Its name in its scope; None for one that is numbered in the model."""

    @property
    def type(self) -> object:
        """The layer's type, as it is written."""
        kind = self.node.get("type")
        return None if kind is None else kind.value

    @property
    def base(self) -> str | None:
        """What an automatic name begins with; None for an entry that gets none."""
        type = self.type
        return _base(type) if isinstance(type, str) else None


@dataclass(slots=True, eq=False)
class Instance:
    """One use of a block."""

    block: BlockDefinition
    node: TextNode
    area: Area
    """Where it is used."""
    scope: Scope
    inputs: tuple[Target, ...]
    name: str | None = None
    inside: Area = field(init=False)
    outputs: tuple[Target, ...] = ()
    is_fed: bool = True
    """Whether its inputs are valid; if not, that was reported."""

    @property
    def base(self) -> str:
        """What an automatic name begins with."""
        return self.block.name


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A named entry that is left out: a reference to its name means its input."""

    outputs: tuple[Target, ...]

    @property
    def base(self) -> None:
        """None: an entry that is left out gets no automatic name."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A reference as it is written."""

    text: str
    node: TextNode
    area: Area


class ModelInput:
    """What the model takes."""


MODEL_INPUT: Final = ModelInput()

Named: TypeAlias = "Item | Instance | Passage"
Target: TypeAlias = "Item | Written | ModelInput"


@dataclass(slots=True, eq=False)
class Scope:
    """A part of the names: the model's (`owner` None), or those below the use of a block."""

    owner: Instance | None = None
    taken: dict[str, TextNode] = field(default_factory=dict[str, TextNode])
    unnamed: list[Item | Instance] = field(default_factory=list["Item | Instance"])

    @property
    def prefix(self) -> str:
        """What the names begin with."""
        owner = self.owner
        return "" if owner is None else f"{owner.scope.prefix}{owner.name}/"

    def number(self) -> dict[str, Named]:
        """Give automatic names: to all that have none in the use of a block, to uses of blocks in a model."""
        namer = Namer(self.taken)
        named: dict[str, Named] = {}
        for one in self.unnamed:
            if one.base is not None and (self.owner is not None or isinstance(one, Instance)):
                one.name = namer.make(one.base)
                named[one.name] = one
        return named


@dataclass(slots=True, eq=False)
class Area:
    """A part of the text in which a name means one entry."""

    outer: Area | None = None
    """The area of which this is one repetition."""
    instance: Instance | None = None
    """The use of a block whose entries these are."""
    names: dict[str, Named] = field(default_factory=dict[str, Named])
    automatic: dict[str, Named] = field(default_factory=dict[str, Named])
    unnamed: list[Item | Instance] = field(default_factory=list["Item | Instance"])
    bases: set[str] = field(default_factory=set[str])
    seen: dict[tuple[Slot, str], int] = field(default_factory=dict[tuple[Slot, str], int])

    @property
    def chain(self) -> Iterable[Area]:
        """This area, and those around it of which it is a repetition."""
        area: Area | None = self
        while area is not None:
            yield area
            area = area.outer

    @property
    def root(self) -> Area:
        """The area of the whole model or block's use."""
        area = self
        while area.outer is not None:
            area = area.outer
        return area

    def add(self, one: Named, slot: Slot, name: str) -> str:
        """Note a named entry; its name, which is numbered from the second time on."""
        given = name
        for area in self.chain:
            number = area.seen.get((slot, name), 0)
            area.seen[slot, name] = number + 1
            given = name if number == 0 else f"{name}_{number}"
            if isinstance(area.names.get(given), Passage):
                del area.names[given]
            area.names.setdefault(given, one)
        return given

    def add_passage(self, one: Passage, name: str) -> None:
        """Note the name of an entry that is left out, unless another one has it."""
        for area in self.chain:
            area.names.setdefault(name, one)

    def add_unnamed(self, one: Item | Instance) -> None:
        """Note an entry without a name."""
        base = one.base
        area: Area | None = self
        while area is not None and base is not None:
            area.unnamed.append(one)
            area.bases.add(base)
            area = area.outer

    def export(self, other: Area) -> None:
        """Make the names of this area known in another one."""
        for area in other.chain:
            for name, one in self.names.items():
                area.names.setdefault(name, one)

    def number(self) -> None:
        """Let references use the automatic names that the entries have when counted within this area."""
        namer = Namer(self.names)
        self.automatic = {namer.make(str(one.base)): one for one in self.unnamed}

    def find(self, name: str) -> Named | None:
        """The entry that was given this name here, or None."""
        for area in self.chain:
            found = area.names.get(name)
            if found is not None:
                return found
        return None

    def is_ambiguous(self, name: str) -> bool:
        """Whether this is the automatic name of an entry that is repeated together with what refers to it."""
        base = _NUMBER.sub("", name)
        return any(area.outer is not None and bool({name, base} & area.bases) for area in self.chain)

    @property
    def known(self) -> list[str]:
        """The names that references may use here."""
        names = [name for area in self.chain for name in (*area.names, *area.automatic)]
        instance = self.root.instance
        return names if instance is None else [*names, *(instance.block.inputs or (INPUT,))]
