"""How notebooks show a model: its graph as a picture, and the table of its layers."""

from __future__ import annotations

from html import escape

from modelc.errors import SpecError
from modelc.language.definition import Definition
from modelc.pages.picture import picture_of
from modelc.pages.svg import as_svg
from modelc.report.html import as_html
from modelc.report.summary import summarize

_MOST_LAYERS = 400
"""Beyond so many layers a picture would make the notebook slow, and show little."""


def definition_as_svg(definition: Definition) -> str:
    """The picture of a model. Raises `SpecError` for one without shapes."""
    return as_svg(picture_of(definition))


def definition_as_html(definition: Definition) -> str:
    """The picture of a model beside its table, each of which can be folded; the mistakes of one without shapes."""
    try:
        picture = picture_of(definition)
    except SpecError as error:
        return f"<pre>{escape(str(error))}</pre>"
    table = as_html(summarize(definition))
    count = len(picture.top.nodes)
    if count > _MOST_LAYERS:
        return table
    graph = f'<div style="max-height: 480px; overflow: auto">{as_svg(picture)}</div>'
    shown = {"Graph": graph, "Layers": table}
    parts = (f"<details open><summary>{name}</summary>{part}</details>" for name, part in shown.items())
    return f'<div style="display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start">{"".join(parts)}</div>'
