"""IntegerLookup."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat, NonNegativeInt
from modelc.graph.builder import Builder
from modelc.graph.formulas import truncate
from modelc.graph.tensor import Tensor, where
from modelc.layers.base import Layer
from modelc.layers.preprocessing.encode import MAX_CATEGORIES, Encoding, encode
from modelc.ops.constant import Constant

_MOST_TOKENS = 1 << 16
_LARGEST = MAX_CATEGORIES - 1
"""The largest integer that float32 tells from its neighbours."""

_Integer = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        help = "write the integers themselves: modelc opens no vocabulary files"
        raise PydanticCustomError("value", "`vocabulary` is a list of integers, found a text", {"help": help})
    if not isinstance(value, list | tuple):
        return value
    items = tuple(cast("list[Any]", value))
    if len(items) > _MOST_TOKENS:
        raise PydanticCustomError("value", "expected at most {most} items", {"most": _MOST_TOKENS})
    return items


_ITEMS: dict[str, Any] = {"type": "array", "maxItems": _MOST_TOKENS}
_Vocabulary = Annotated[
    tuple[_Integer, ...] | None,
    BeforeValidator(_listed),
    WithJsonSchema({**_ITEMS, "type": ["array", "null"], "items": {"type": "integer"}}),
]
_Weights = Annotated[
    tuple[FiniteFloat, ...] | None,
    BeforeValidator(_listed),
    WithJsonSchema({**_ITEMS, "type": ["array", "null"], "items": {"type": "number"}}),
]
_Mode = Annotated[
    Literal["int", "tf_idf"] | Encoding,
    BeforeValidator(lambda value: {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(value, value)),
]


class IntegerLookup(Layer):
    """Replaces integers by their places in a vocabulary, or places by integers.

    ``y = first + i`` for ``x = vocabulary[i]``. The places before `first` are those of the mask token (0, where there
    is one and the output is `int`), then those of integers outside of the vocabulary: the only one, or ``x mod
    num_oov_indices`` of several; without such places they become -1, where Keras stops. The vocabulary may begin with
    these special tokens, as Keras's `get_vocabulary` gives it.

    `int` gives the places; the other modes encode them as CategoryEncoding does, with a length of `max_tokens` if
    `pad_to_max_tokens`, else of all places, and leave out the mask token. `tf_idf` multiplies counts by `idf_weights`.
    """

    keras_ignored = ("vocabulary_size", "has_input_vocabulary")

    max_tokens: Annotated[int, Field(ge=2, le=MAX_CATEGORIES)] | None = None
    """The largest number of places, special ones included; null for any."""
    num_oov_indices: NonNegativeInt = 1
    """The number of places for integers outside of the vocabulary."""
    mask_token: _Integer | None = None
    """The integer that stands for no value: its place is 0 in the output mode `int`, and it is left out in the others.
    null for none."""
    oov_token: _Integer = -1
    """The integer that `invert` gives for places outside of the vocabulary."""
    vocabulary: _Vocabulary = None
    """The integers in the order of their places."""
    vocabulary_dtype: Literal["int64"] = "int64"
    """No effect: modelc computes with 32-bit integers."""
    idf_weights: _Weights = None
    """The inverse document frequencies for `tf_idf`: one number per integer of the vocabulary."""
    invert: bool = False
    """Whether places are replaced by integers of the vocabulary, instead of integers by places."""
    output_mode: _Mode = "int"
    """The encoding: the place (`int`), a vector per integer (`one_hot`), a vector per sample with 1 for each place
    present (`multi_hot`), with the number of occurrences (`count`), or with that number times its weight
    (`tf_idf`)."""
    sparse: Literal[False] = False
    """Must be false: modelc has no sparse tensors."""
    pad_to_max_tokens: bool = False
    """Whether encoded vectors have the length `max_tokens`, even if there are fewer places."""
    oov_method: Literal["floormod"] = "floormod"
    """How several places for integers outside of the vocabulary are chosen; `floormod` is the remainder."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for problem in self._problems():
            raise PydanticCustomError("conflict", "{text}", {"text": problem})
        return self

    def _problems(self) -> list[str]:
        if not self.vocabulary:
            return ["`vocabulary` is needed: a layer that is to be adapted must be adapted in Keras first"]
        found: list[str] = []
        tokens = self.tokens
        repeated = [token for token, count in Counter(tokens).items() if count > 1]
        if repeated:
            found.append(f"`vocabulary` holds {repeated[0]} twice")
        if self.mask_token in tokens:
            found.append(f"`vocabulary` holds the mask token {self.mask_token}, not where special tokens stand")
        if self.invert and self.oov_token in tokens:
            found.append(f"`vocabulary` holds the `oov_token` {self.oov_token}, which `invert` gives for other places")
        if self.invert and self.output_mode != "int":
            found.append(f"`invert` goes with `output_mode: int` only, found {self.output_mode}")
        if self.max_tokens is not None and self.places > self.max_tokens:
            found.append(f"there are {self.places} places, more than `max_tokens` (={self.max_tokens})")
        if self.pad_to_max_tokens and self.max_tokens is None:
            found.append("`pad_to_max_tokens` needs `max_tokens`")
        if (self.output_mode == "tf_idf") != (self.idf_weights is not None):
            found.append("`output_mode: tf_idf` and `idf_weights` go together")
        elif self.idf_weights is not None and len(self.idf_weights) != len(self.vocabulary):
            found.append(f"{len(self.vocabulary)} integers need as many `idf_weights`, found {len(self.idf_weights)}")
        return found

    @property
    def masked(self) -> int:
        """How many places are those of the mask token."""
        return int(self.mask_token is not None and self.output_mode == "int")

    @property
    def special(self) -> tuple[int | None, ...]:
        """The tokens before those of the vocabulary."""
        return (self.mask_token,) * self.masked + (self.oov_token,) * self.num_oov_indices

    @property
    def tokens(self) -> tuple[int, ...]:
        """The vocabulary without special tokens."""
        given, special = self.vocabulary or (), self.special
        return given[len(special) :] if special and given[: len(special)] == special else given

    @property
    def places(self) -> int:
        """The number of places."""
        return len(self.special) + len(self.tokens)

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = truncate(x.as_float())
        if self.invert:
            return self._tokens(x).cast("int32")
        places = self._places(x)
        if self.output_mode == "int":
            return places.cast("int32")
        depth = self.max_tokens if self.pad_to_max_tokens and self.max_tokens is not None else self.places
        if self.output_mode != "tf_idf":
            return encode(places, self.output_mode, depth).cast("int32")
        weights = self._idf(depth)
        return encode(places, "count", depth) * g.emit(Constant(weights, (depth,)))

    def _places(self, x: Tensor) -> Tensor:
        first = len(self.special)
        if self.num_oov_indices > 1:
            other: Tensor | float = _remainder(x, self.num_oov_indices) + float(self.masked)
        else:
            other = float(self.masked) if self.num_oov_indices else -1.0
        places = _looked_up(x, self.tokens, tuple(map(float, range(first, self.places))), other)
        if self.mask_token is None:
            return places
        return where(x.equal(float(self.mask_token)), 0.0 if self.masked else -1.0, places)

    def _tokens(self, x: Tensor) -> Tensor:
        first = len(self.special)
        tokens = _looked_up(x, tuple(range(first, self.places)), tuple(map(float, self.tokens)), float(self.oov_token))
        return tokens if self.mask_token is None else where(x.equal(0.0), float(self.mask_token), tokens)

    def _idf(self, depth: int) -> tuple[float, ...]:
        """A weight for each place: the given ones, before them their mean for integers outside of the vocabulary."""
        given = self.idf_weights or ()
        for_all = self.tokens != self.vocabulary  # they are those of the special tokens as well
        weights = given if for_all else (sum(given) / len(given),) * len(self.special) + given
        return weights + (0.0,) * (depth - len(weights))


def _looked_up(x: Tensor, keys: tuple[int, ...], values: tuple[float, ...], other: Tensor | float) -> Tensor:
    """The value of the key that x is; `other` where it is none of them."""
    if not keys:
        return x * 0.0 + other
    column = x.reshape((*x.shape, 1))
    found = column.equal(x.g.emit(Constant(tuple(map(float, keys)), (len(keys),))))
    value = (found * x.g.emit(Constant(values, (len(values),)))).sum((x.rank,))
    return where(found.max((x.rank,)), value, other)


def _remainder(x: Tensor, divisor: int) -> Tensor:
    """``x - floor(x / divisor)·divisor``, exact below 2^24: computed of |x|, whose products are not beyond it."""
    n, size = float(divisor), abs(x)
    rest = size - (size / n).floor() * n
    # Where the quotient was rounded to the next integer, or from one to what is below it.
    rest = where(rest.less(0.0), rest + n, rest)
    rest = where(rest.greater_equal(n), rest - n, rest)
    return where(x.less(0.0), where(rest.equal(0.0), 0.0, n - rest), rest)
