"""Slow tests are left out unless `--slow` asks for them or the command line names tests by `::`.

Slow are those with the marker `slow`, and with `jax`. The others run Keras on NumPy: it computes the same as on its
other backends and compiles nothing, where JAX compiles each operation for every shape of every test. What NumPy has
not, such as gradients, or gets wrong needs JAX.
"""

from __future__ import annotations

import os
from zlib import crc32

import pytest


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
    """Choose the backend of Keras, which a process has one of, before a test imports it."""
    os.environ.setdefault("KERAS_BACKEND", "numpy" if _asked(config) == "no" else "jax")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not asked for."""
    asked, share = _asked(config), int(config.getoption("--slow-share"))
    if share > 1:
        others = [item for item in items if _is_slow(item) and crc32(item.nodeid.encode()) % share]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]
    if asked == "also":
        return
    left_out = [item for item in items if _is_slow(item) != (asked == "only")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _is_slow(item) == (asked == "only")]


def _asked(config: pytest.Config) -> str:
    named = any("::" in argument for argument in config.args)
    return "also" if named else str(config.getoption("--slow"))


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) is not None for name in ("slow", "jax"))
