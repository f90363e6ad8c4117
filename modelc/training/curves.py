"""Training curves as an image: each loss and metric, in training and in validation (extra `plot`)."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from modelc.callbacks.panels import TRAIN, VALIDATION, epochs_of, panels, spans
from modelc.errors import InputError, StorageError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind

FORMATS = (".png", ".svg")


def plot(
    history: Mapping[str, Sequence[float]],
    path: str | os.PathLike[str],
    epochs: Sequence[int] | None = None,
    title: str = "",
    *,
    force: bool | None = None,
) -> None:
    """Draw what a History recorded to a PNG or SVG file, which is replaced as a whole.

    A panel for each name, in which the one with `val_` before it is drawn too; the loss comes first. `epochs` are
    those of the values, from 0. Raises `InputError` where matplotlib is not installed, and for other files;
    `OverwriteError` for the place of what is no picture, unless `force`.
    """
    matplotlib, new_figure = check_plot(path)
    names = panels(history)
    if not names:
        raise InputError(f"{path}: there is nothing to draw: no epoch was recorded")
    # A fixed salt and no date: the same history gives the same bytes.
    settings = {"svg.hashsalt": "modelc", "svg.fonttype": "none", "font.size": 10, "axes.titlesize": 10}
    with matplotlib.rc_context(settings):
        columns = 2 if len(names) == 4 else min(len(names), 3)
        rows = math.ceil(len(names) / columns)
        figure = new_figure(figsize=(4.2 * columns, 3.0 * rows + (0.3 if title else 0)), layout="constrained", dpi=120)
        if title:
            figure.suptitle(title, fontsize=12)
        grid: Any = figure.subplots(rows, columns, squeeze=False)
        places = [axes for row in grid for axes in row]
        for name, axes in zip(names, places, strict=False):
            _draw(axes, name, history, epochs)
        for axes in places[len(names) :]:
            axes.set_visible(False)
        suffix = Path(path).suffix.lower()[1:]
        try:
            with replacing(path, Kind.PICTURE, force=force) as temporary:
                figure.savefig(temporary, format=suffix, metadata={"Date" if suffix == "svg" else "Software": None})
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror or error}") from None


def check_plot(path: str | os.PathLike[str]) -> tuple[Any, Any]:
    """What draws: matplotlib and its figures.

    Raises `InputError` where it is not installed, and where a file of that name cannot hold the curves: asked before
    a run whose curves these are.
    """
    if Path(path).suffix.lower() not in FORMATS:
        raise InputError(f"{path}: curves are drawn to a file that ends in {' or '.join(FORMATS)}")
    try:
        return import_module("matplotlib"), import_module("matplotlib.figure").Figure
    except ImportError:
        raise InputError("drawing curves needs matplotlib: pip install 'modelc[plot]'") from None


def _draw(axes: Any, name: str, history: Mapping[str, Sequence[float]], epochs: Sequence[int] | None) -> None:
    validation = history.get(f"val_{name}", ())
    last = 1
    for values, label, colour in ((history.get(name, ()), "training", TRAIN), (validation, "validation", VALIDATION)):
        if not len(values):
            continue
        at = epochs_of(len(values), epochs, max(len(history.get(name, ())), len(values)))
        last = max(last, *at)
        # A point alone makes no line, and few points are to be seen as such.
        axes.plot(
            at,
            values,
            color=colour,
            label=label,
            marker="o" if len(values) <= 20 else None,
            markersize=3,
            clip_on=False,
        )
    axes.set_title(name.replace("_", " "))
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlim(1 if last > 1 else 0.5, last if last > 1 else 1.5)
    axes.grid(alpha=0.3, linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if spans(history.get(name, ()), validation):
        axes.set_yscale("log")
    if len(validation):
        axes.legend(frameon=False, fontsize=9)
