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
"""The position of an entry in its block or model, as indices of nested lists; equal for all copies of the entry."""


@dataclass(slots=True, eq=False)
class Item:
    """One entry of the flat list."""

    node: TextNode
    area: Area
    scope: Scope
    site: UseSite | None
    before: tuple[Target, ...] | None = None
    """The implicit input of an entry without `inputs`, if it differs from the preceding item of the flat list."""
    after: Item | None = None
    """The preceding item of the flat list."""
    name: str | None = None
    """The name of the entry in its scope; None for an entry whose automatic name is made when the model is complete."""

    @property
    def type(self) -> object:
        """The value of the key `type`."""
        kind = self.node.get("type")
        return None if kind is None else kind.value

    @property
    def base(self) -> str | None:
        """The stem of an automatic name, such as `conv2d`; None if the entry has no valid type."""
        type = self.type
        return _base(type) if isinstance(type, str) else None


@dataclass(slots=True, eq=False)
class Instance:
    """One use of a block."""

    block: BlockDefinition
    node: TextNode
    area: Area
    """The area of the text that contains the use."""
    scope: Scope
    inputs: tuple[Target, ...]
    name: str | None = None
    inside: Area = field(init=False)
    outputs: tuple[Target, ...] = ()
    is_fed: bool = True
    """Whether its inputs are valid; if not, the mistake is reported already."""

    @property
    def base(self) -> str:
        """The stem of an automatic name: the name of the block."""
        return self.block.name


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A named entry that `when` or `unless` omits: references to its name become references to its input."""

    outputs: tuple[Target, ...]

    @property
    def base(self) -> None:
        """None, as an omitted entry gets no automatic name."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A reference in the text that is not resolved yet."""

    text: str
    node: TextNode
    area: Area


class ModelInput:
    """The target of references to the input of the model."""


MODEL_INPUT: Final = ModelInput()

Named: TypeAlias = "Item | Instance | Passage"
Target: TypeAlias = "Item | Written | ModelInput"


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace: that of the model (`owner` is None), or that of one use of a block, whose names share a prefix."""

    owner: Instance | None = None
    taken: dict[str, TextNode] = field(default_factory=dict[str, TextNode])
    unnamed: list[Item | Instance] = field(default_factory=list["Item | Instance"])

    @property
    def prefix(self) -> str:
        """The prefix of all names in the scope: `residual_1/`, or nothing for the model."""
        owner = self.owner
        return "" if owner is None else f"{owner.scope.prefix}{owner.name}/"

    def number(self) -> dict[str, Named]:
        """Assign automatic names: in the scope of a block to all unnamed entries, in that of a model to uses of blocks
        only."""
        namer = Namer(self.taken)
        named: dict[str, Named] = {}
        for one in self.unnamed:
            if one.base is not None and (self.owner is not None or isinstance(one, Instance)):
                one.name = namer.make(one.base)
                named[one.name] = one
        return named


@dataclass(slots=True, eq=False)
class Area:
    """A part of the text in which each name denotes one entry: a model, a use of a block, or one repetition."""

    outer: Area | None = None
    """The surrounding area, if this one is a repetition in it."""
    instance: Instance | None = None
    """The use of a block, if the area consists of its entries."""
    names: dict[str, Named] = field(default_factory=dict[str, Named])
    automatic: dict[str, Named] = field(default_factory=dict[str, Named])
    unnamed: list[Item | Instance] = field(default_factory=list["Item | Instance"])
    bases: set[str] = field(default_factory=set[str])
    seen: dict[tuple[Slot, str], int] = field(default_factory=dict[tuple[Slot, str], int])

    @property
    def chain(self) -> Iterable[Area]:
        """This area and the surrounding ones, up to that of the model or of the use of a block."""
        area: Area | None = self
        while area is not None:
            yield area
            area = area.outer

    @property
    def root(self) -> Area:
        """The outermost area of the chain: that of the model or of the use of a block."""
        area = self
        while area.outer is not None:
            area = area.outer
        return area

    def add(self, one: Named, slot: Slot, name: str) -> str:
        """Register a named entry and return its name, to which `_1`, `_2`, … is added from the second copy on."""
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
        """Register the name of an omitted entry, unless another entry has this name."""
        for area in self.chain:
            area.names.setdefault(name, one)

    def add_unnamed(self, one: Item | Instance) -> None:
        """Register an entry without a name."""
        base = one.base
        area: Area | None = self
        while area is not None and base is not None:
            area.unnamed.append(one)
            area.bases.add(base)
            area = area.outer

    def export(self, other: Area) -> None:
        """Add the names of this area to another one, as of a block without a scope to that of its use."""
        for area in other.chain:
            for name, one in self.names.items():
                area.names.setdefault(name, one)

    def number(self) -> None:
        """Make the automatic names that entries have within this area, by which references may denote them."""
        namer = Namer(self.names)
        self.automatic = {namer.make(str(one.base)): one for one in self.unnamed}

    def find(self, name: str) -> Named | None:
        """The entry with this explicit name in the chain of areas, or None."""
        for area in self.chain:
            found = area.names.get(name)
            if found is not None:
                return found
        return None

    def is_ambiguous(self, name: str) -> bool:
        """Whether a name is an automatic one of an entry in a repetition, and so denotes another entry in each copy."""
        base = _NUMBER.sub("", name)
        return any(area.outer is not None and bool({name, base} & area.bases) for area in self.chain)

    @property
    def known(self) -> list[str]:
        """The names that references may use here."""
        names = [name for area in self.chain for name in (*area.names, *area.automatic)]
        instance = self.root.instance
        return names if instance is None else [*names, *(instance.block.inputs or (INPUT,))]
