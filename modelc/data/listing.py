"""The files of a folder with their labels, in Keras's order, and Keras's split of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import kind_of, require_choice
from modelc.errors import InputError
from modelc.files.picture_list import MAX_FILES, folders_in
from modelc.text.listing import listing

Array = NDArray[Any]
Labels = Literal["inferred"] | Sequence[int] | None
Subset = Literal["training", "validation", "both"]


@dataclass(frozen=True)
class Listing:
    """Files, the number of the class of each where there are labels, and the names of the classes."""

    paths: tuple[str, ...]
    numbers: Array | None
    class_names: tuple[str, ...] | None

    def mixed(self, seed: int) -> Listing:
        """In another order: that of `numpy.random.RandomState(seed).shuffle`, as in Keras."""
        order = list(range(len(self.paths)))
        np.random.RandomState(seed).shuffle(order)
        return self._taken(order)

    def split(self, share: float) -> tuple[Listing, Listing]:
        """The files to train on, and the last ones, this share of all, to validate on.

        Raises `InputError` where either would be none.
        """
        count = len(self.paths)
        held_out = int(share * count)
        if held_out in (0, count):
            raise InputError(f"{count} files are too few for a `validation_split` of {share}")
        return self._taken(range(count - held_out)), self._taken(range(count - held_out, count))

    def _taken(self, places: Sequence[int]) -> Listing:
        numbers = None if self.numbers is None else self.numbers[list(places)]
        return replace(self, paths=tuple(self.paths[i] for i in places), numbers=numbers)


def list_files(
    directory: str | os.PathLike[str],
    labels: Labels,
    class_names: Sequence[str] | None,
    endings: tuple[str, ...],
    *,
    follow_links: bool = False,
) -> Listing:
    """The files below a folder that have one of these endings, in the order of their paths.

    With `"inferred"` labels the class of a file is the folder right below `directory` that it is in. Otherwise labels
    are the numbers of all files in their order, or None. Raises `InputError` where labels or `class_names` do not fit
    the folder, and where there are no files.
    """
    folder = os.fspath(directory)
    if labels == "inferred":
        names = _classes(folder, class_names)
        found = [(path, i) for i, name in enumerate(names) for path in _below(folder, name, endings, follow_links)]
        return _listed(folder, [path for path, _ in found], [i for _, i in found], names, endings)
    if class_names is not None:
        raise InputError("`class_names` is for inferred labels", 'leave it out, or write `labels="inferred"`')
    if not os.path.isdir(folder):
        raise InputError(f"{folder}: there is no such folder")
    paths = list(_below(folder, "", endings, follow_links))
    if labels is None:
        return _listed(folder, paths, None, None, endings)
    numbers = _numbers(labels)
    if len(numbers) != len(paths):
        raise InputError(
            f"there are {len(numbers)} labels, and {len(paths)} files in {folder}",
            "give a label for each file, in the order of their paths",
        )
    return _listed(folder, paths, numbers, tuple(map(str, sorted(set(numbers)))), endings)


def _numbers(labels: Any) -> list[int]:
    if not isinstance(labels, list | tuple | np.ndarray):
        help = "give a list with the number of the class of each file"
        raise InputError(f'`labels` is "inferred", a list of integers or None, found {kind_of(labels)}', help)
    numbers = list(cast("Sequence[Any]", labels))
    if not all(hasattr(number, "__index__") and not isinstance(number, bool) for number in numbers):
        raise InputError("`labels` are integers: the numbers of classes")
    return [int(number) for number in numbers]


def _classes(folder: str, names: Sequence[str] | None) -> tuple[str, ...]:
    """The folders of the classes: those named, in that order, or all of them in the order of their names."""
    found = folders_in(folder)
    if names is None:
        if not found:
            raise InputError(f"{folder}: has no folders", "put the files of each class in a folder named after it")
        return tuple(found)
    missing = [name for name in names if name not in found]
    if missing:
        raise InputError(f"{folder}: has no folder `{missing[0]}`", f"its folders are {listing(found, 'and')}")
    return tuple(names)


def _below(folder: str, name: str, endings: tuple[str, ...], follow_links: bool) -> Iterator[str]:
    """The files in a folder and below it, folder by folder."""
    start = os.path.join(folder, name) if name else folder
    for here, _, files in sorted(os.walk(start, followlinks=follow_links), key=lambda found: found[0]):
        for file in sorted(files):
            if file.lower().endswith(endings):
                yield os.path.join(here, file)


def _listed(
    folder: str, paths: list[str], numbers: list[int] | None, names: tuple[str, ...] | None, endings: tuple[str, ...]
) -> Listing:
    if not paths:
        raise InputError(f"{folder}: has no such files", f"they end in {listing(list(endings), 'or')}")
    if len(paths) > MAX_FILES:
        raise InputError(f"{folder}: has {len(paths):,} files, more than {MAX_FILES:,}")
    return Listing(tuple(paths), None if numbers is None else np.array(numbers, np.int32), names)


def check_split(validation_split: float | None, subset: Any, *, shuffle: bool, seed: int | None) -> None:
    """Raise `InputError` where `validation_split` and `subset` do not go together, or the split would change."""
    if validation_split and not 0 < validation_split < 1:
        raise InputError(f"`validation_split` must lie between 0 and 1, found {validation_split}")
    if bool(validation_split) != (subset is not None):
        raise InputError("`validation_split` and `subset` go together", 'such as `validation_split=0.2, subset="both"`')
    if subset is not None:
        require_choice("subset", subset, ("training", "validation", "both"), "the data")
    if validation_split and shuffle and seed is None:
        raise InputError(
            "a `validation_split` of shuffled files needs a `seed`",
            "with it, the training and the validation data of two calls do not overlap",
        )
