"""Amounts with units: `50k` parameters, `300M` multiply-adds, `64MB` of memory, `5ms`."""

from __future__ import annotations

import re

_COUNT_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "t": 10**12}
# 1 KB is 1024 bytes, as in the summary and in Keras; KiB says the same.
_BYTE_UNITS = {
    f"{prefix}{unit}": 1024**power
    for power, prefix in enumerate(("", "k", "m", "g", "t"))
    for unit in (("b", "ib") if prefix else ("", "b"))
}
_TIME_UNITS = {"us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0}  # with the micro sign and the Greek letter
_AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-zµμ]*)\s*")


def parse_count(text: str) -> int | None:
    """`"50k"` → 50,000 (k, M, G or B, T are powers of 1000); None where it is not an amount."""
    return _parse(text, _COUNT_UNITS)


def parse_bytes(text: str) -> int | None:
    """`"64MB"` → 67,108,864 (KB, MB, GB, TB are powers of 1024, as the summary prints them); None where it is none."""
    return _parse(text, _BYTE_UNITS)


def parse_seconds(text: str) -> float | None:
    """`"5ms"` → 0.005 (us or µs, ms, s); None where it is no time with a unit."""
    match = _AMOUNT.fullmatch(text)
    factor = None if match is None or len(match[1]) > 30 else _TIME_UNITS.get(match[2].lower())
    return None if match is None or factor is None else float(match[1]) * factor


def format_seconds(seconds: float) -> str:
    """A time with three digits or more: `5.21 ms`, `812 µs`, `1.20 s`."""
    value, unit = seconds, "s"
    for smaller in ("ms", "µs"):
        if round(value, 3) >= 1:
            break
        value, unit = value * 1000, smaller
    digits = 2 if round(value, 2) < 10 else 1 if round(value, 1) < 100 else 0
    return f"{value:,.{digits}f} {unit}"


def format_bytes(count: int) -> str:
    """Bytes as Keras's summary prints them: `11680 * 4` → `45.62 KB`."""
    value, unit = float(count), "Byte"
    for larger in ("KB", "MB", "GB", "TB", "PB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.2f} {unit}"


def _parse(text: str, units: dict[str, int]) -> int | None:
    match = _AMOUNT.fullmatch(text)
    if match is None or len(match[1]) > 30:
        return None
    factor = units.get(match[2].lower())
    return None if factor is None else round(float(match[1]) * factor) if "." in match[1] else int(match[1]) * factor
