from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelc.errors import SpecError
from modelc.language.selectors import select, select_ordered
from modelc.language.text.source import read

NAMES = ("conv2d", "conv2d_1", "pool", "dense", "dense_1")


def chosen(*selectors: str) -> list[str]:
    return [name for name, taken in zip(NAMES, select(selectors, NAMES), strict=True) if taken]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([], []),
        (["pool"], ["pool"]),
        (["conv*"], ["conv2d", "conv2d_1"]),
        (["conv*", "!conv2d_1"], ["conv2d"]),
        (["!conv2d_1", "conv*"], list(NAMES)),
        (["!dense*"], ["conv2d", "conv2d_1", "pool"]),
        (["*", "!*", "pool"], ["pool"]),
        ([":-1"], ["conv2d", "conv2d_1", "pool", "dense"]),
        (["2:5"], ["pool", "dense", "dense_1"]),
        (["::2"], ["conv2d", "pool", "dense_1"]),
        (["1:-1:2"], ["conv2d_1", "dense"]),
        ([":", "!-1"], ["conv2d", "conv2d_1", "pool", "dense"]),
        (["-1"], ["dense_1"]),
        (["0", "3"], ["conv2d", "dense"]),
        (["*_?"], ["conv2d_1", "dense_1"]),
        (["[cp]*"], ["conv2d", "conv2d_1", "pool"]),
        (["*[!1]"], ["conv2d", "pool", "dense"]),
        (["pool", "pool"], ["pool"]),
    ],
)
def test_select(selectors: list[str], expected: list[str]) -> None:
    assert chosen(*selectors) == expected


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([], ()),
        (["dense", "conv2d"], ("dense", "conv2d")),
        (["*"], NAMES),
        (["dense*", "conv*"], ("dense", "dense_1", "conv2d", "conv2d_1")),
        (["pool", "*"], ("pool", "conv2d", "conv2d_1", "dense", "dense_1")),
        (["*", "!pool", "pool"], ("conv2d", "conv2d_1", "dense", "dense_1", "pool")),
        (["!pool"], ("conv2d", "conv2d_1", "dense", "dense_1")),
        (["::-1"], tuple(reversed(NAMES))),
        (["-1", "0"], ("dense_1", "conv2d")),
        (["dense", "!conv2d"], ("dense",)),
    ],
)
def test_select_ordered(selectors: list[str], expected: tuple[str, ...]) -> None:
    assert select_ordered(selectors, NAMES) == expected


def test_exact_name_comes_first() -> None:
    names = ("a*", "ab", "1", "1:2", "[x]")
    assert select(["a*"], names) == (True, False, False, False, False)
    assert select_ordered(["1:2", "1", "[x]"], names) == ("1:2", "1", "[x]")


def test_case_counts() -> None:
    with pytest.raises(SpecError, match="no layer's name matches `Conv\\*`"):
        select(["Conv*"], NAMES)


@pytest.mark.parametrize(
    ("selector", "message", "help"),
    [
        ("dnse", "unknown layer `dnse`", "did you mean `dense`?"),
        ("xyzzy", "unknown layer `xyzzy`", "the layers are: conv2d, conv2d_1, pool, dense, dense_1"),
        ("!dnse", "unknown layer `dnse`", "did you mean `dense`?"),
        ("lstm*", "no layer's name matches `lstm*`", "the layers are: conv2d, conv2d_1, pool, dense, dense_1"),
        ("5", "there is no layer at index 5", "indices go from -5 to 4"),
        ("-6", "there is no layer at index -6", "indices go from -5 to 4"),
        ("5:", "the slice `5:` takes no layer", "there are 5 layers"),
        ("::0", "the slice `::0` has a step of 0", "leave the step out, or make it 1"),
        ("a:b", "`a:b` is neither a layer nor a slice", 'a slice is like ":-1", "2:5" or "::2"'),
        ("1:2:3:4", "`1:2:3:4` is neither a layer nor a slice", 'a slice is like ":-1", "2:5" or "::2"'),
        ("", "`` is not a selector", "a selector is a name, a pattern, an index or a slice"),
        ("!", "`` is not a selector", "a selector is a name, a pattern, an index or a slice"),
        ("!!pool", "unknown layer `!pool`", "did you mean `pool`?"),
        ("*" * 300, "`" + "*" * 59 + "…` is not a selector", "a selector is a name, a pattern, an index or a slice"),
    ],
)
def test_mistake(selector: str, message: str, help: str) -> None:
    for rule in (select, select_ordered):
        with pytest.raises(SpecError) as caught:
            rule(["pool", selector], NAMES)
        assert [(d.code, d.message, d.help) for d in caught.value.diagnostics] == [("E304", message, help)]


def test_mistakes_have_the_place_of_their_selector() -> None:
    place = read('freeze: ["conv*", dnse, 9]\nextract: "pol"\n')
    with pytest.raises(SpecError) as caught:
        select(["conv*", "dnse", "9", "later"], NAMES, place.get("freeze"))
    assert [(d.line, d.column) for d in caught.value.diagnostics] == [(1, 19), (1, 25), (1, 9)]
    with pytest.raises(SpecError) as caught:
        select_ordered(["pol"], NAMES, place.get("extract"))
    assert [(d.line, d.column) for d in caught.value.diagnostics] == [(2, 10)]


def test_nothing_left_to_extract() -> None:
    with pytest.raises(SpecError, match="the selectors leave no layer"):
        select_ordered(["pool", "!pool"], NAMES)
    assert select(["pool", "!pool"], NAMES) == (False,) * 5


def test_no_layers() -> None:
    with pytest.raises(SpecError, match="no layer at index 0"):
        select(["0"], ())


def test_many_stars_take_no_time() -> None:
    with pytest.raises(SpecError):
        select(["*a" * 90 + "b"], ["a" * 200])


def texts(characters: str, most: int) -> st.SearchStrategy[str]:
    """Texts of these characters. Not by `st.text`, whose first draw works out the tables of Unicode: up to 2 s."""
    return st.lists(st.sampled_from(characters), min_size=1, max_size=most).map("".join)


NAME_LISTS = st.lists(texts("abc_1", 4), min_size=1, max_size=8, unique=True)


@given(NAME_LISTS, texts("abc_1*?[]", 5).filter(lambda text: not text.isdigit()))
def test_patterns_are_those_of_fnmatch(names: list[str], pattern: str) -> None:
    expected = [fnmatchcase(name, pattern) for name in names]
    if pattern in names:
        expected = [name == pattern for name in names]
    try:
        assert list(select([pattern], names)) == expected
    except SpecError:
        assert not any(expected)


@given(
    NAME_LISTS, st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9), st.sampled_from([None, 1, 2, -1, -2])
)
def test_slices_are_those_of_python(names: list[str], start: int | None, stop: int | None, step: int | None) -> None:
    names = [f"n{name}" for name in names]
    text = ":".join("" if bound is None else str(bound) for bound in (start, stop, step))
    expected = tuple(names[start:stop:step])
    try:
        assert select_ordered([text], names) == expected
    except SpecError:
        assert not expected


def test_a_view_may_freeze_layers_that_it_drops() -> None:
    from modelc.model.loading import load_spec

    layers = [{"type": "Dense", "units": 2, "name": name} for name in ("a", "b", "c", "d")]
    spec = load_spec(
        {"modelc": 1, "input": {"shape": [2]}, "layers": layers, "freeze": ["a", "d", "3:"], "truncate": "b"}
    )
    assert [layer.trainable for layer in spec.layers] == [False, True]


def test_a_view_still_refuses_a_selector_that_means_no_layer_at_all() -> None:
    with pytest.raises(SpecError, match="unknown layer `e`"):
        select(["e"], ["a", "b"], None, ["c", "d"])
