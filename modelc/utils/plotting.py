"""`plot_model`, with the options of Keras's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from modelc.config.arguments import require_choice, require_count
from modelc.errors import InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind
from modelc.language.definition import Definition
from modelc.language.text.source import SpecSource
from modelc.model.loading import load_spec
from modelc.model.looking import BuiltModel
from modelc.pages.picture import ModelPicture, picture_of
from modelc.pages.plot import Direction, PlotOptions, plot_of
from modelc.pages.plot_formats import plot_as_dot, plot_as_svg, png_maker, save_png
from modelc.pages.svg import SvgText


@dataclass(frozen=True)
class ModelPlot:
    """A plot of a model, which notebooks show."""

    picture: ModelPicture
    options: PlotOptions
    dpi: int

    def to_svg(self) -> SvgText:
        """The plot as SVG."""
        return plot_as_svg(plot_of(self.picture, self.options), self.picture.name)

    def to_dot(self) -> str:
        """The plot in DOT, for Graphviz."""
        return plot_as_dot(self.picture, self.options, self.dpi)

    def save(self, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
        """Write the plot to a .png, .svg, .dot or .gv file; .png needs the extra `plot`.

        Raises `InputError` for another ending, `OverwriteError` if a file of another kind would be overwritten, unless
        `force`.
        """
        target = Path(path)
        ending = target.suffix.lower() or ".png"
        if ending not in _KINDS:
            message = f"{target}: a plot is written to a .png, .svg, .dot or .gv file"
            raise InputError(message, "`modelc.view(model).save(…)` writes pages, .html, and diagrams, .mmd")
        if ending == ".png":
            png_maker(target)
        with replacing(target, _KINDS[ending], force=force) as temporary:
            if ending == ".png":
                save_png(plot_of(self.picture, self.options), temporary, self.dpi)
            else:
                temporary.write_text(self.to_svg() if ending == ".svg" else self.to_dot(), encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __repr__(self) -> str:
        return f"<ModelPlot of {self.picture.name}>"


_KINDS = {".png": Kind.PICTURE, ".svg": Kind.PICTURE, ".dot": Kind.DIAGRAM, ".gv": Kind.DIAGRAM}


def plot_model(
    model: BuiltModel | Definition | SpecSource,
    to_file: str | os.PathLike[str] | None = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: Direction = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    *,
    force: bool | None = None,
) -> ModelPlot:
    """A plot of a model, written to a file: a box for each layer, as Keras draws it, without Graphviz.

    `to_file` is a .png file (extra `plot`), an .svg, .dot or .gv file, or None for none. Boxes hold the type of the
    layer and what is to be shown; `rankdir` is where edges lead: `TB` down, `LR` to the right, `BT` and `RL`.
    `expand_nested` draws the layers of models inside. `dpi` are the dots to the inch of a .png file. `model` is a
    model, a spec, or what `load_spec` takes.

    Raises `InputError` where matplotlib is needed and not installed, `OverwriteError` if a file of another kind would
    be overwritten, unless `force`; `NotBuiltError` or `SpecError` where shapes are not known.
    """
    require_choice("rankdir", rankdir, get_args(Direction), "plot_model")
    require_count("dpi", dpi)
    if isinstance(model, BuiltModel):
        definition = model.to_spec()
    else:
        definition = model if isinstance(model, Definition) else load_spec(model)
    options = PlotOptions(
        show_shapes=show_shapes, show_dtype=show_dtype, show_layer_names=show_layer_names, expand_nested=expand_nested,
        show_layer_activations=show_layer_activations, show_trainable=show_trainable, rankdir=rankdir,
    )  # fmt: skip
    plot = ModelPlot(picture_of(definition), options, dpi)
    if to_file is not None:
        plot.save(to_file, force=force)
    return plot
