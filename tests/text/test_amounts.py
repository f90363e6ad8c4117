"""Times with units, read and written; and the schema says the same of what is a time."""

from __future__ import annotations

import re

import pytest

from modelc.language.definition import Limits
from modelc.language.schema.schema import schema
from modelc.text.amounts import format_seconds, parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5ms", 0.005),
        ("250us", 250e-6),
        ("250 µs", 250e-6),
        ("1.5 μs", 1.5e-6),
        (" 2s ", 2.0),
        ("0.25S", 0.25),
        ("5MS", 0.005),
        ("5", None),
        ("5m", None),
        ("ms", None),
        ("-5ms", None),
        ("5 m s", None),
        ("1e-3s", None),
        ("", None),
    ],
)
def test_times_are_read(text: str, seconds: float | None) -> None:
    assert parse_seconds(text) == (None if seconds is None else pytest.approx(seconds))
    pattern = schema()["definitions"]["Limits"]["properties"]["latency"]
    patterns = [one["pattern"] for one in pattern.get("anyOf", [pattern]) if "pattern" in one]
    assert bool(re.search(patterns[0], text)) is (seconds is not None)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2.0, "2.00 s"),
        (61.25, "61.2 s"),
        (1234.5, "1,234 s"),
        (0.99949, "999 ms"),
        (0.9996, "1.00 s"),
        (0.00521, "5.21 ms"),
        (0.0521, "52.1 ms"),
        (812e-6, "812 µs"),
        (1.234e-6, "1.23 µs"),
        (40e-9, "0.04 µs"),
        (0.0, "0.00 µs"),
    ],
)
def test_times_are_told_with_three_digits(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text
    if "," not in text:
        assert parse_seconds(text) == pytest.approx(seconds, rel=5e-3, abs=5e-9)


def test_limits_keep_what_was_written() -> None:
    assert Limits(latency="5 ms").latency == "5 ms"
    assert Limits(latency="5 ms").options() == {"latency": "5 ms"}
