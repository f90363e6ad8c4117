"""Records: runs of words whose fields are declared once, by name and kind, for writing and reading.

The parameters of a step are such a run of int64. Lowering writes it with `Record.pack`; a kernel reads the fields with
`code/view.py`: `view(POOL, ctx, params).size[2]`. No offset stands anywhere else. Where sizes are free, what is written
is expressions, and `engine/free_plan.py` makes words of them for the sizes of a call.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, cast

from modelc.graph.sizes import is_free
from modelc.native.code.layout import Operand, float_bits
from modelc.system.forks import cached_property


class FieldKind(Enum):
    """What the words of a field mean, and so what a kernel gets when it reads the field."""

    I64 = "i64"
    """An integer."""
    DIM = "dim"
    """An extent that may grow with the batch, see `layout.py`; read as an integer."""
    F32 = "f32"
    """A number that is stored as the bits of a float64, and read as float32."""
    F64 = "f64"
    """A number that is stored as the bits of a float64, and read as that."""
    OPERAND = "operand"
    """Where a tensor lies, see `layout.py`; read as its address, or 0 where there is no tensor."""

    @property
    def words(self) -> int:
        """The number of words of a value of this kind."""
        return len(Operand._fields) if self is FieldKind.OPERAND else 1

    def __mul__(self, count: int) -> tuple[FieldKind, ...]:
        """`I64 * 3`: three integers side by side."""
        return (self,) * count

    def encode(self, value: object) -> tuple[int, ...]:
        """The words that `value` is stored as; a free size is stored as it is.

        Raises TypeError for a value of another kind.
        """
        if is_free(value) and self in (FieldKind.I64, FieldKind.DIM):
            return (cast("int", value),)
        if self is FieldKind.OPERAND:
            if not isinstance(value, Operand):
                raise TypeError(f"expected an operand, found {value!r}")
            return tuple(value)
        if self in (FieldKind.F32, FieldKind.F64):
            if not isinstance(value, int | float):
                raise TypeError(f"expected a number, found {value!r}")
            return (float_bits(value),)
        return (operator.index(value),)


I64, DIM, F32, F64, OPERAND = FieldKind


class Field(NamedTuple):
    """One named value of a record, or several side by side."""

    name: str
    start: int
    """The number of words before it."""
    kinds: tuple[FieldKind, ...]
    """The kind of each value; the kinds of a run may differ."""
    is_run: bool
    """Whether it is read by an index."""

    @property
    def words(self) -> int:
        """The number of words of all its values."""
        return sum(kind.words for kind in self.kinds)


@dataclass(frozen=True)
class Record:
    """The fields of a run of words, in order."""

    fields: tuple[Field, ...]

    @classmethod
    def of(cls, **kinds: FieldKind | tuple[FieldKind, ...]) -> Record:
        """`Record.of(x=OPERAND, size=I64 * 3, extents=(DIM, I64))`: each field with its kind, or those of its run.

        Raises:
            ValueError: a run of operands, whose values are more than one word.
        """
        fields: list[Field] = []
        start = 0
        for name, kind in kinds.items():
            is_run = isinstance(kind, tuple)
            field = Field(name, start, kind if is_run else (kind,), is_run)
            if is_run and OPERAND in kind:
                raise ValueError(f"`{name}` is a run of operands; each operand is a field of its own")
            fields.append(field)
            start += field.words
        return cls(tuple(fields))

    @property
    def size(self) -> int:
        """The number of words."""
        return sum(field.words for field in self.fields)

    @property
    def bytes(self) -> int:
        """The number of bytes: where a record that follows it begins."""
        return 8 * self.size

    def field(self, name: str) -> Field | None:
        """The field of that name, if there is one."""
        return next((field for field in self.fields if field.name == name), None)

    def start(self, name: str) -> int:
        """The number of words before a field. Raises KeyError where there is no such field."""
        field = self.field(name)
        if field is None:
            raise KeyError(name)
        return field.start

    def pack(self, **values: object) -> list[int]:
        """The words for a value of each field; a run takes an iterable.

        Raises:
            TypeError: a value is not of its field's kind.
            ValueError: the names are not those of the fields, or a run has another length.
        """
        if values.keys() != self._names:
            raise ValueError(f"expected the fields {[field.name for field in self.fields]}, found {sorted(values)}")
        words: list[int] = []
        for field in self.fields:  # every new size of a model packs the records of all its steps
            value = values[field.name]
            if not field.is_run:
                kind = field.kinds[0]
                if type(value) is int and (kind is I64 or kind is DIM):
                    words.append(value)
                    continue
                if type(value) is Operand and kind is OPERAND:
                    words += value
                    continue
                run: Sequence[object] = (value,)
            elif type(value) is tuple:
                run = value
            elif isinstance(value, Iterable):
                run = list(value)
            else:
                raise TypeError(f"`{field.name}`: expected {len(field.kinds)} values, found {value!r}")
            if len(run) != len(field.kinds):
                raise ValueError(f"`{field.name}` takes {len(field.kinds)} values, found {len(run)}")
            try:
                for kind, one in zip(field.kinds, run, strict=True):
                    if type(one) is int and (kind is I64 or kind is DIM):
                        words.append(one)
                    else:
                        words += kind.encode(one)
            except TypeError as error:
                raise TypeError(f"`{field.name}`: {error}") from error
        return words

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields)
