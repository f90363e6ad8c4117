"""`ModelDrawing`: a model to be looked at: as a page, as a picture, or as a diagram for other programs."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal, get_args

from modelc.errors import InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind
from modelc.language.definition import Definition
from modelc.pages.data import model_data, shared_data
from modelc.pages.diagrams import as_dot, as_mermaid
from modelc.pages.html import page
from modelc.pages.kinds import Colours
from modelc.pages.picture import Arrays, ModelPicture, picture_of
from modelc.pages.svg import SvgText, as_svg
from modelc.text.listing import listing

Format = Literal["html", "svg", "mermaid", "dot"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot",
    ".gv": "dot",
}  # fmt: skip
"""What each file ending means."""
KINDS_OF_FILES: dict[Format, Kind] = {
    "html": Kind.PAGE, "svg": Kind.PICTURE, "mermaid": Kind.DIAGRAM, "dot": Kind.DIAGRAM,
}  # fmt: skip


@dataclass(frozen=True)
class ModelDrawing:
    """A model to be looked at. Notebooks show it as a page that can be moved, zoomed and searched."""

    picture: ModelPicture

    def to_html(self) -> str:
        """A page of its own, which loads nothing: the graph, and for each layer all that is known of it."""
        data = {"title": self.picture.name, "shared": shared_data(), "models": [model_data(self.picture)]}
        return page(f"{self.picture.name} · modelc", data)

    def to_svg(self, *, expand_nested: bool = False, colours: Colours = "kind") -> SvgText:
        """A picture of the graph, which notebooks show; `colours` are those of kinds of layers or of a cost."""
        return as_svg(self.picture, unfolded=expand_nested, colours=colours)

    def to_mermaid(self, *, expand_nested: bool = False) -> str:
        """A Mermaid flowchart, which Markdown renderers draw."""
        return as_mermaid(self.picture, unfolded=expand_nested)

    def to_dot(self, *, expand_nested: bool = False) -> str:
        """A graph in DOT, the language of Graphviz."""
        return as_dot(self.picture, unfolded=expand_nested)

    def to(self, format: Format, *, expand_nested: bool = False, colours: Colours = "kind") -> str:
        """The text of the view in this format."""
        match format:
            case "html":
                return self.to_html()
            case "svg":
                return self.to_svg(expand_nested=expand_nested, colours=colours)
            case "mermaid":
                return self.to_mermaid(expand_nested=expand_nested)
            case "dot":
                return self.to_dot(expand_nested=expand_nested)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        expand_nested: bool = False,
        colours: Colours = "kind",
        force: bool | None = None,
    ) -> None:
        """Write the view to a file, in the format of its ending: .html, .svg, .mmd or .dot.

        Raises `InputError` for another ending, `OverwriteError` if a file of another kind would be overwritten, unless
        `force`.
        """
        format = format_of(path)
        save_text(self.to(format, expand_nested=expand_nested, colours=colours), path, format, force=force)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file and open it in the browser."""
        save_text(self.to_html(), path, "html")
        open_in_browser(path)

    def _repr_html_(self) -> str:
        return framed(self.to_html())

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __repr__(self) -> str:
        return f"<ModelDrawing of {self.picture.name}: {len(self.picture.top.nodes)} layers>"


def view_of_definition(
    definition: Definition,
    arrays: Arrays | None = None,
    *,
    batch_size: int = 1,
    sizes: Mapping[str, int] | None = None,
) -> ModelDrawing:
    """The view of a model; with histograms of its weights where their `arrays` are given, by path.

    Costs are for `batch_size` samples and these free `sizes`. Raises `SpecError` where a shape does not fit or is not
    known.
    """
    return ModelDrawing(picture_of(definition, arrays, batch_size=batch_size, sizes=sizes))


def format_of(path: str | os.PathLike[str]) -> Format:
    """The format that a file's ending means. Raises `InputError` for another one."""
    format = ENDINGS.get(Path(path).suffix.lower())
    if format is None:
        raise InputError(f"{os.fspath(path)}: a view is written to a file that ends in {listing(list(ENDINGS), 'or')}")
    return format


def save_text(text: str, path: str | os.PathLike[str], format: Format, *, force: bool | None = None) -> None:
    """Write the text of a view to a file, which is replaced as a whole."""
    with replacing(path, KINDS_OF_FILES[format], force=force) as temporary:
        temporary.write_text(text, encoding="utf-8")


def open_in_browser(path: str | os.PathLike[str]) -> None:
    """Open a page in the browser. Raises `InputError` where there is none."""
    if not webbrowser.open(Path(path).absolute().as_uri()):
        raise InputError(f"no browser was found to open {os.fspath(path)}")


def framed(html: str, height: int = 560) -> str:
    """A page in a frame of a notebook, which can reach nothing around it."""
    return (
        f'<iframe sandbox="allow-scripts" srcdoc="{escape(html)}" style="width: 100%; height: {height}px; '
        'border: 1px solid #8884; border-radius: 8px"></iframe>'
    )
