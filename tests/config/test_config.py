"""Configs as plain data: one rule for specs, schemas, comparisons and help."""

from __future__ import annotations

from typing import Any

import pytest

from modelc.config.base import Config
from modelc.config.described import shown_default
from modelc.config.plain import plain_value
from modelc.initializers import GlorotUniform, RandomNormal
from modelc.language.schema.options import options_of


class Inner(Config):
    """Something with an option."""

    size: int = 1


class Outer(Config):
    """Options whose defaults are configs, alone and in tuples."""

    alone: Inner = Inner()
    several: tuple[Inner, ...] = (Inner(), Inner(size=2))
    pairs: tuple[tuple[int, int], ...] = ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("value", "listed", "in_python"),
    [
        (GlorotUniform(), "GlorotUniform", "'GlorotUniform'"),
        (RandomNormal(stddev=0.5), {"type": "RandomNormal", "stddev": 0.5}, "{'type': 'RandomNormal', 'stddev': 0.5}"),
        ((1, (2, GlorotUniform())), [1, [2, "GlorotUniform"]], "(1, (2, 'GlorotUniform'))"),
        ({"a": (1, Inner())}, {"a": [1, "Inner"]}, "{'a': (1, 'Inner')}"),
        (None, None, "None"),
    ],
)
def test_plain_values(value: Any, listed: Any, in_python: str) -> None:
    assert plain_value(value) == listed
    assert repr(plain_value(value, tuple)) == in_python


def test_all_that_shows_defaults_shows_the_same() -> None:
    fields, schema = Outer.model_fields, options_of(Outer)
    assert [schema[name]["default"] for name in fields] == [
        "Inner",
        ["Inner", {"type": "Inner", "size": 2}],
        [[1, 2], [3, 4]],
    ]
    assert shown_default(fields["several"]) == "('Inner', {'type': 'Inner', 'size': 2})"
    assert shown_default(fields["pairs"]) == "((1, 2), (3, 4))"
    changed = Outer(several=(Inner(), Inner(size=3)))
    assert changed.options() == {"several": ["Inner", {"type": "Inner", "size": 3}]}
