"""`Curves`: training curves that notebooks show, as SVG; nothing has to be installed for them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from modelc.callbacks.panels import TRAIN, VALIDATION, epochs_of, panels, spans
from modelc.errors import InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind

_WIDTH, _HEIGHT = 300.0, 210.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 30.0, 34.0
"""Around the plot of a panel."""
_COLUMNS = 3
_FEW = 20
"""Up to so many values each has a dot."""

_STYLE = """
.curves{font:11px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#5b6675}
.curves .h{font-weight:600;fill:#17202c}
.curves .g{stroke:#8884;stroke-width:.6}.curves path{fill:none;stroke-width:1.8}
@media (prefers-color-scheme:dark){.curves{fill:#9aa5b3}.curves .h{fill:#e7ebf0}}
""".strip().replace("\n", "")


@dataclass(frozen=True)
class Curves:
    """The curves of a run: a panel for each loss and metric."""

    history: Mapping[str, Sequence[float]]
    epochs: Sequence[int]
    """The epochs of the values, from 0."""

    def to_svg(self) -> str:
        """The curves as SVG; axes are logarithmic where values differ by more than a factor of 100."""
        names = panels(self.history)
        columns = max(min(len(names), _COLUMNS), 1)
        rows = math.ceil(len(names) / columns)
        parts: list[str] = []
        for i, name in enumerate(names):
            x, y = i % columns * _WIDTH, i // columns * _HEIGHT
            parts.append(f'<g transform="translate({x:.0f} {y:.0f})">{"".join(self._panel(name))}</g>')
        size = f"{columns * _WIDTH:.0f}", f"{rows * _HEIGHT:.0f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" width="{size[0]}" height="{size[1]}" '
            f'viewBox="0 0 {size[0]} {size[1]}"><title>Training curves</title><style>{_STYLE}</style>'
            f"{''.join(parts)}</svg>\n"
        )

    def save(self, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
        """Write the curves to an .svg file; `modelc.training.curves.plot` writes .png too (extra `plot`).

        Raises `InputError` for another ending or where no epoch was recorded, `OverwriteError` for the place of what is
        no picture, unless `force`.
        """
        if os.path.splitext(path)[1].lower() != ".svg":
            raise InputError(f"{os.fspath(path)}: these curves are written to a file that ends in .svg")
        if not panels(self.history):
            raise InputError(f"{os.fspath(path)}: there is nothing to draw: no epoch was recorded")
        with replacing(path, Kind.PICTURE, force=force) as temporary:
            temporary.write_text(self.to_svg(), encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _panel(self, name: str) -> Iterator[str]:
        series = [self.history.get(name, ()), self.history.get(f"val_{name}", ())]
        most = max(map(len, series))
        places = [epochs_of(len(values), self.epochs, most) for values in series]
        finite = [value for values in series for value in values if math.isfinite(value)]
        axes = _CurveAxes.of(finite, max([1, *(epoch for ones in places for epoch in ones)]), spans(*series))
        yield f'<text class="h" x="{_LEFT}" y="18">{escape(name.replace("_", " "))}</text>'
        yield from axes.lines()
        labelled = [(TRAIN, "training"), (VALIDATION, "validation")]
        for values, at, (colour, _) in zip(series, places, labelled, strict=True):
            yield from axes.curve(values, at, colour)
        if len(series[1]):
            for i, (colour, label) in enumerate(labelled):
                x = _WIDTH - _RIGHT - 122 + 56 * i
                yield f'<circle cx="{x}" cy="14" r="3.5" fill="{colour}"/><text x="{x + 7}" y="18">{label}</text>'


@dataclass(frozen=True)
class _CurveAxes:
    """Where values and epochs lie in a panel."""

    least: float
    largest: float
    last: int
    """The last epoch."""
    is_log: bool

    @classmethod
    def of(cls, values: Sequence[float], last: int, is_log: bool) -> _CurveAxes:
        least, largest = (min(values), max(values)) if values else (0.0, 1.0)
        if is_log:
            least, largest = math.log10(least), math.log10(largest)
        margin = (largest - least) * 0.06 or abs(largest) * 0.1 or 1.0
        return cls(least - margin, largest + margin, last, is_log)

    def x(self, epoch: float) -> float:
        share = 0.5 if self.last <= 1 else (epoch - 1) / (self.last - 1)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        at = math.log10(value) if self.is_log else value
        share = (at - self.least) / (self.largest - self.least)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def lines(self) -> Iterator[str]:
        """The grid and its numbers."""
        for value in self._values():
            y = self.y(value)
            yield f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{value:.4g}</text>'
        step = max(round(_nice((self.last - 1) / 5)), 1)
        for epoch in sorted({1, *range(step, self.last + 1, step)}):
            yield f'<text x="{self.x(epoch):.1f}" y="{_HEIGHT - _BOTTOM + 15}" text-anchor="middle">{epoch}</text>'
        yield f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 5}" text-anchor="middle">epoch</text>'

    def _values(self) -> list[float]:
        """Round values across the axis."""
        if self.is_log:
            return [10.0**power for power in range(math.ceil(self.least), math.floor(self.largest) + 1)]
        step = _nice((self.largest - self.least) / 4)
        first = math.ceil(self.least / step)
        return [round(i * step, 12) for i in range(first, math.floor(self.largest / step) + 1)]

    def curve(self, values: Sequence[float], epochs: Sequence[int], colour: str) -> Iterator[str]:
        """A line through what is finite, with a gap where a value is not."""
        way: list[str] = []
        joined = False
        for value, epoch in zip(values, epochs, strict=False):
            if not math.isfinite(value):
                joined = False
                continue
            x, y = self.x(epoch), self.y(value)
            way.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}")
            joined = True
            if len(values) <= _FEW:
                title = f"<title>epoch {epoch}: {value:.6g}</title>"
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}">{title}</circle>'
        if way:
            yield f'<path d="{"".join(way)}" stroke="{colour}"/>'


def _nice(step: float) -> float:
    """The next larger of 1, 2 and 5 times a power of ten."""
    if step <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))
