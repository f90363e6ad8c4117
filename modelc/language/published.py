"""`weights: imagenet`: the published weights of an architecture, which `modelc zoo fetch` puts into the cache.

Reading or building a spec never downloads anything. Where the file is absent, the error says how to fetch it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelc.errors import Diagnostic, FileFormatError, InputError, SpecError
from modelc.language.text.node import TextNode
from modelc.text.unknown import unknown
from modelc.zoo.pretrained import IMAGENET, fetched_path, find_fetched, pretrained_names, weight_file

if TYPE_CHECKING:
    from modelc.language.definition import Definition


def _known(value: Any) -> Any:
    if isinstance(value, str) and value not in pretrained_names():
        message, help = unknown("model with published weights", value, pretrained_names())
        raise PydanticCustomError("value", "{text}", {"text": message, "help": help})
    return value


PretrainedName = Annotated[str, BeforeValidator(_known)]
"""A model that has published weights."""

NO_NAME = (
    f"`weights: {IMAGENET}` is for architectures with published weights, and this spec does not say which it is",
    "name a weight file, take an architecture of the zoo (`extends: zoo:xception`), or say which one with `pretrained`",
)
"""The message and the help where a spec has no `pretrained`."""


def published_path(spec: Definition, place: Any = None) -> Path:
    """The file in the cache that has the weights of a spec's view.

    Raises `SpecError` at `place` where a spec is none of a published architecture, where no such file was fetched, or
    where it is damaged.
    """
    if spec.pretrained is None:
        raise SpecError(_at(place, "E204", *NO_NAME))
    try:
        return fetched_path(spec.pretrained, top=needs_top(spec))
    except InputError as error:
        raise SpecError(_at(place, "E606", error.message, error.help)) from None
    except FileFormatError as error:
        raise SpecError(_at(place, "E101", error.message, error.help)) from None


def not_fetched(spec: Definition) -> tuple[str, str] | None:
    """The message and the help if the published weights of a spec's view are not in the cache."""
    if spec.pretrained is None or find_fetched(spec.pretrained, top=needs_top(spec)) is not None:
        return None
    file = weight_file(spec.pretrained, top=needs_top(spec))
    return f"the published weights of `{spec.pretrained}` are not in the cache", file.how_to_get


def needs_top(spec: Definition) -> bool:
    """Whether a view has more parameters than the file without the classifier."""
    assert spec.pretrained is not None
    return sum(weight.size for weight in spec.graph.stored) > weight_file(spec.pretrained, top=False).parameters


def _at(place: Any, code: str, message: str, help: str | None) -> Diagnostic:
    if isinstance(place, TextNode):
        return place.diagnostic(code, message, help)
    return Diagnostic(code, message, help, "weights")
