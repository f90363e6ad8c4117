"""Slow tests are left out unless `--slow` asks for them or the command line names tests by `::`.

Slow are those with the marker `slow`, and with `jax`. The others run Keras on NumPy: it computes the same as on its
other backends and compiles nothing, where JAX compiles each operation for every shape of every test. What NumPy has
not, such as gradients, or gets wrong needs JAX.

Of tests with the marker `sampled(N)`, one in N of the cases is quick, the same ones at every run, and the others are
slow. Tests that draw their examples with hypothesis are both: they draw one in `QUICK_SHARE` of them among the quick
tests, and all of them with the slow ones.
"""

from __future__ import annotations

import os
from zlib import crc32

import pytest
from hypothesis import settings

QUICK_SHARE = 5
_all_examples = True


def examples(number: int) -> int:
    """The `max_examples` of a test that draws so many of them with the slow tests."""
    return number if _all_examples else -(-number // QUICK_SHARE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option `--slow`."""
    parser.addoption(
        "--slow",
        choices=("no", "only", "also"),
        default="no",
        help="tests that take long: left out (no, the default), run alone (only), or with the others (also)",
    )
    parser.addoption(
        "--slow-share",
        type=int,
        default=1,
        metavar="N",
        help="run one in N of the slow tests, the same ones at every run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the backend of Keras, which a process has one of, and how many examples are drawn, before tests ask."""
    global _all_examples
    _all_examples = _asked(config) != "no"
    os.environ.setdefault("KERAS_BACKEND", "jax" if _all_examples else "numpy")
    settings.register_profile("asked for", settings.default, max_examples=examples(settings.default.max_examples))
    settings.load_profile("asked for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not asked for."""
    asked, share = _asked(config), int(config.getoption("--slow-share"))
    slow = {item for item in items if _is_slow(item, asked)}
    left_out = {item for item in slow if crc32(item.nodeid.encode()) % share}
    if asked != "also":
        left_out |= slow if asked == "no" else set(items) - slow
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _asked(config: pytest.Config) -> str:
    named = any("::" in argument for argument in config.args)
    return "also" if named else str(config.getoption("--slow"))


def _is_slow(item: pytest.Item, asked: str) -> bool:
    if any(item.get_closest_marker(name) is not None for name in ("slow", "jax")):
        return True
    sampled = item.get_closest_marker("sampled")
    if sampled is not None and (crc32(item.nodeid.encode()) >> 8) % sampled.args[0]:  # `--slow-share` takes other bits
        return True
    return asked == "only" and getattr(getattr(item, "function", None), "is_hypothesis_test", False)
