"""What stands around the numbers of a model: labels, pictures and their preprocessing, for `Model`'s methods."""

from __future__ import annotations

from typing import Any

from modelc.files.pictures import read_picture as read_picture
from modelc.language.definition import Definition
from modelc.language.labels import labels_of as labels_of
from modelc.language.labels import with_class_names as with_class_names
from modelc.language.pictures import preprocessing_of as preprocessing_of


def checked(key: str, value: Any) -> Any:
    """The value of a key of a spec, checked. Raises `SpecError`."""
    options: dict[str, Any] = {"layers": (), key: value}
    return getattr(Definition(**options), key)
