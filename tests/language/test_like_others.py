"""Layers that are copies of others with the same options are what they would be by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from modelc import load_spec, zoo
from modelc.errors import SpecError
from modelc.language.validation import like_others

HEAD = "modelc: 1\ninput: {shape: [8, 8, 3]}\nlayers:\n"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    like_others._made.clear()


@pytest.mark.parametrize("name", ["mobilenet_v2", "densenet121", "inception_v3"])
def test_layers_are_those_of_specs_that_are_read_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [load_spec(zoo.path(name)) for _ in range(2)][1]
    assert like_others._made
    monkeypatch.setattr("modelc.language.validation.validate.like_others", lambda cls, node, found, make: make())
    alone = load_spec(zoo.path(name))
    assert twice.to_dict() == alone.to_dict()
    for copied, made in zip((*twice.layers, *twice.entries), (*alone.layers, *alone.entries), strict=True):
        assert (type(copied), vars(copied)) == (type(made), vars(made))
        assert copied.__pydantic_fields_set__ == made.__pydantic_fields_set__
        private, expected = dict(copied.__pydantic_private__), dict(made.__pydantic_private__)
        assert private.pop("_place").line == expected.pop("_place").line
        assert private == expected


def test_names_and_places_are_their_own() -> None:
    entry = "  - {{type: Conv2D, filters: 2, kernel_size: 3, name: {}}}\n"
    spec = load_spec(HEAD + entry.format("a") + entry.format("b") + "  - {type: Conv2D, filters: 2, kernel_size: 3}\n")
    assert [layer.name for layer in spec.layers] == ["a", "b", "conv2d"]
    assert [layer.place.line for layer in spec.entries] == [4, 5, 6]
    with pytest.raises(SpecError) as caught:
        _ = load_spec(HEAD + "".join(entry.format(name) for name in "abcd")).graph  # 8, 6, 4, 2
    (found,) = caught.value.diagnostics
    assert (found.code, found.line) == ("E401", 7)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("type: Dense, units: 1", "type: Dense, units: true"),
        ("type: Dense, units: 1", "type: Dense, units: 1.0"),
        ("type: Dense, units: 1, use_bias: true", "type: Dense, units: 1, use_bias: 1"),
        ("type: Cropping2D, cropping: [[1, 1], [1, 1]]", "type: Cropping2D, cropping: [[1, 1], [1, true]]"),
        ("type: Dense, units: 1", "type: Dense, units: 1, name: 3"),
    ],
)
def test_equal_numbers_of_other_types_are_others(first: str, second: str) -> None:
    _ = load_spec(f"{HEAD}  - {{{first}}}\n")
    told: list[Any] = []
    for _ in range(2):
        with pytest.raises(SpecError) as caught:
            _ = load_spec(f"{HEAD}  - {{{first}}}\n  - {{{second}}}\n")
        told.append([(one.code, one.line) for one in caught.value.diagnostics])
    assert told == [[("E203", 5)]] * 2 or told == [[("E204", 5)]] * 2
