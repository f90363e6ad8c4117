"""Where a spec's data comes from: arrays in files, tables, folders of pictures. Nothing in them is ever executed.

A source says where the samples are; `open` gives their columns, which were checked against the model.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, NonNegativeInt
from pydantic_core import PydanticCustomError

from modelc.config.base import Config
from modelc.config.options import as_tuple
from modelc.config.paths import DATA, DataPath, DataPaths, paths_in
from modelc.data import SOURCES
from modelc.data.columns import ArrayColumn, Columns, Signature, make_columns
from modelc.data.picture_column import find_pictures
from modelc.data.table import read_table
from modelc.errors import InputError
from modelc.files.arrays import map_array, open_npz
from modelc.graph.sizes import is_free

MAX_NAMES_SHOWN = 12


class Source(Config):
    """Base of all sources of data."""

    @abstractmethod
    def open(self, signature: Signature, folder: Path, labels: bool = True) -> Columns:
        """The samples, checked against what the model takes; paths count from `folder`.

        Raises `InputError` where they do not fit, or where there are no `labels` and there must be, and
        `FileFormatError` where a file is not what its name says.
        """

    def paths(self) -> Iterator[str]:
        """The files and folders that it names."""
        return paths_in(self)


class _OnePath(Source):
    """A source that is one file, or one folder."""

    path: DataPath
    """The path of the file, relative to the spec."""


class ArraysSource(_OnePath):
    """An `.npz` file with the arrays `x`, `y` and optionally `sample_weight`, or with arrays named after the inputs and
    outputs."""

    aliases = ("npz",)

    def open(self, signature: Signature, folder: Path, labels: bool = True) -> Columns:
        """The arrays, read whole: an .npz file cannot be memory-mapped."""
        path = folder / self.path
        with open_npz(path) as arrays:
            x = _of(arrays.names, "x", signature.input_names)
            y = _of(arrays.names, "y", signature.output_names)
            if x is None or (labels and y is None):
                inputs, outputs = ", ".join(signature.input_names), ", ".join(signature.output_names)
                found = ", ".join(arrays.names[:MAX_NAMES_SHOWN]) or "none"
                raise InputError(
                    f"{path}: holds the arrays {found}",
                    f"call them x and y, or by the names of the inputs ({inputs}) and of the outputs ({outputs})",
                )
            weights = ["sample_weight"] if "sample_weight" in arrays.names else None
            read = [[arrays.read(name) for name in names] if names else None for names in (x, y, weights)]
        inputs_read, labels_read, weights_read = read
        return _located(path, _only(inputs_read), _only(labels_read), _only(weights_read), signature)


def _of(found: Sequence[str], short: str, names: Sequence[str]) -> list[str] | None:
    """The arrays that hold something: one by its short name, or one for each name."""
    if len(names) == 1 and short in found:
        return [short]
    return list(names) if all(name in found for name in names) else None


def _only(arrays: Any) -> Any:
    return arrays[0] if arrays is not None and len(arrays) == 1 else arrays


class FilesSource(Source):
    """Memory-mapped `.npy` files, which may be larger than memory."""

    aliases = ("npy",)

    x: DataPaths
    """The path of the `.npy` file of the inputs, samples along the first axis; or a mapping of paths by input name."""
    y: DataPaths | None = None
    """The path of the `.npy` file of the labels; or a mapping of paths by output name."""
    sample_weight: DataPaths | None = None
    """The path of the `.npy` file of the sample weights, by which losses are multiplied; or a mapping by output
    name."""

    def open(self, signature: Signature, folder: Path, labels: bool = True) -> Columns:
        """The arrays, of which nothing is read yet."""
        if labels and self.y is None:
            raise InputError("the data has no labels", "add `y: …`")
        x, y, weights = (_mapped(paths, folder) for paths in (self.x, self.y, self.sample_weight))
        return _located(folder / self.x if isinstance(self.x, str) else folder, x, y, weights, signature)


def _mapped(paths: str | Mapping[str, str] | None, folder: Path) -> Any:
    if paths is None:
        return None
    if isinstance(paths, str):
        return ArrayColumn(map_array(folder / paths))
    return {name: ArrayColumn(map_array(folder / path)) for name, path in paths.items()}


ColumnName = Annotated[str, Field(min_length=1)] | NonNegativeInt
"""The name in the header, or the number of a column, from 0."""


class TableSource(_OnePath):
    """A CSV file of numbers with columns of labels and features.

    For a model with one input, of shape (features,), and one output. Labels that are all integers are read as integers.
    """

    aliases = ("csv",)

    target: ColumnName | Annotated[tuple[ColumnName, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    """The label column, by its name or its index from 0; a list for several."""
    features: Annotated[tuple[ColumnName, ...], BeforeValidator(as_tuple), Field(min_length=1)] | None = None
    """The feature columns in order, by name or index. By default all columns that are neither labels nor weights."""
    sample_weight: ColumnName | None = None
    """The column of sample weights, by which losses are multiplied."""
    header: bool = True
    """Whether the first line holds the column names."""
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """The column separator, such as `,` or `;`."""

    def open(self, signature: Signature, folder: Path, labels: bool = True) -> Columns:
        """The table, read whole in one pass."""
        path = folder / self.path
        table = read_table(path, self.header, self.separator)
        targets = [table.index(name) for name in (self.target if isinstance(self.target, tuple) else (self.target,))]
        weight = None if self.sample_weight is None else table.index(self.sample_weight)
        taken = {*targets, *([] if weight is None else [weight])}
        if self.features is None:
            features = [i for i in range(table.width) if i not in taken]
        else:
            features = [table.index(name) for name in self.features]
        both = [table.name(i) for i in features if i in taken]
        if both:
            raise InputError(f"{path}: {both[0]} is a feature and a target or weight at once")
        weights = None if weight is None else table.values([weight])[:, 0]
        y = table.labels(targets)
        return _located(path, table.values(features), y, weights, signature)


class PicturesSource(_OnePath):
    """A folder with one folder of images per class (extra `images`). Images are read batch by batch.

    Images are PNG, JPEG, BMP, GIF, WebP or TIFF files of at most 134 million pixels. They are read as by
    `keras.utils.load_img`: EXIF orientation is ignored, only the first frame of an animation is read, and of 16-bit
    channels the upper 8 bits.

    Classes are numbered in alphabetical order. Values are 0 to 255, or what the `preprocessing` of the model makes of
    them. The samples are shuffled once in a fixed order, so
    that a `validation_split` contains all classes.
    """

    aliases = ("pictures",)

    path: DataPath
    """The path of the folder, which contains one folder of images per class."""
    resize: bool | None = None
    """Whether to resize images to the model's input size, or to refuse those of another size. By default they are
    resized where the model says how, by its `preprocessing`, and takes one size."""
    one_hot: bool = False
    """Whether labels are one-hot vectors, as `categorical_crossentropy` requires, instead of class indices."""
    classes: Annotated[tuple[str, ...], BeforeValidator(as_tuple), Field(min_length=1)] | None = None
    """The class folders to use, in the order of their class indices. By default all, in alphabetical order."""

    def open(self, signature: Signature, folder: Path, labels: bool = True) -> Columns:
        """The pictures, whose sizes are read, and their classes."""
        path = folder / self.path
        if len(signature.inputs) != 1 or len(signature.output_names) != 1:
            raise InputError(f"{path}: image folders are for a model with one input and one output")
        how = next(iter(signature.pictures()), None)
        free = any(map(is_free, signature.inputs[0].shape))
        resize = how is not None and not free if self.resize is None else self.resize
        pictures, classes = find_pictures(path, signature.inputs[0], how, resize, self.classes)
        y = classes.one_hot() if self.one_hot else classes.numbers
        return replace(_located(path, pictures, y, None, signature), class_names=classes.names)


def _located(path: Path, x: Any, y: Any, weights: Any, signature: Signature) -> Columns:
    try:
        return make_columns(x, y, weights, signature)
    except InputError as error:
        raise error.about(path) from None


def source_of(path: str) -> Source:
    """The source that a bare path means. Raises `InputError` where more than a path is needed, or it is none."""
    suffix = Path(path).suffix.lower()
    if suffix == ".npz":
        return ArraysSource(path=path)
    if suffix == ".npy":
        raise InputError(f"{path}: labels are in a file of their own", f"{{type: npy, x: {path}, y: …}}")
    if suffix in (".csv", ".tsv"):
        raise InputError(f"{path}: the label column is not given", f"{{type: csv, path: {path}, target: …}}")
    if not suffix or path.endswith("/"):
        return PicturesSource(path=path)
    raise InputError(f"{path}: data must be an .npz file, .npy files, a .csv file, or a folder of images by class")


def as_source(value: Any) -> Any:
    """A bare path stands for the source that it looks like."""
    if isinstance(value, Path):
        value = str(value)
    if isinstance(value, str) and value not in SOURCES:
        try:
            return source_of(value)
        except InputError as error:
            raise PydanticCustomError("value", "{text}", {"text": error.message, "help": error.help}) from None
    return value


SourceField = Annotated[Source, SOURCES.field(), BeforeValidator(as_source), DATA]
