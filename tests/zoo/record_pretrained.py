"""Records modelc/zoo/pretrained.csv: what Keras would download, asked of the functions of `keras.applications`.

Nothing is downloaded: the function that would do so tells what it was asked for. Run it with Keras 3:
`python tests/zoo/record_pretrained.py`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
from keras.src.utils import file_utils
from record import architectures

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "modelc" / "zoo" / "pretrained.csv"
HOST = "https://storage.googleapis.com/"

ALPHAS = {"MobileNet": (0.25, 0.5, 0.75, 1.0), "MobileNetV2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)}
SIZES = {"MobileNet": (128, 160, 192, 224), "MobileNetV2": (96, 128, 160, 192, 224)}
ALPHAS_V3 = (0.75, 1.0)


class _Asked(Exception):  # noqa: N818
    """Ends the function before it downloads."""


def _ask(fname: str, origin: str, *_: Any, file_hash: str | None = None, **__: Any) -> None:
    parameters = sys._getframe(1).f_locals["model"].count_params()
    raise _Asked(
        {"file": fname, "path": origin.removeprefix(HOST), "digest": file_hash or "", "parameters": parameters}
    )


def asked(function: str, **options: Any) -> dict[str, Any]:
    """What a function of `keras.applications` would download."""
    keras.backend.clear_session()
    before = file_utils.get_file
    file_utils.get_file = _ask
    try:
        getattr(keras.applications, function)(weights="imagenet", **options)
    except _Asked as found:
        return found.args[0]
    finally:
        file_utils.get_file = before
    raise AssertionError(f"{function} downloads nothing")


def variants(function: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names in the table, and the options of Keras's function."""
    if function in SIZES:
        for alpha in ALPHAS[function]:
            for size in SIZES[function]:
                plain = (alpha, size) == (1.0, 224)
                yield name if plain else f"{name}_{alpha:.2f}_{size}", {"alpha": alpha, "input_shape": (size, size, 3)}
    elif function.startswith("MobileNetV3"):
        for alpha in ALPHAS_V3:
            yield name if alpha == 1 else f"{name}_{alpha:.2f}", {"alpha": alpha}
        yield f"{name}_minimalistic", {"minimalistic": True}
    elif function == "NASNetLarge":
        # Keras compares sizes where it builds a NASNet: with those that are None it makes another network.
        yield name, {"input_shape": (331, 331, 3)}
    else:
        yield name, {}


def main() -> None:
    """Write the table."""
    rows: list[dict[str, Any]] = []
    for name, function in architectures().items():
        for variant, options in variants(function.__name__, name):
            for top in (True, False):
                rows.append({"name": variant, "top": "yes" if top else "no"})
                rows[-1] |= asked(function.__name__, include_top=top, **options)
                print(rows[-1], flush=True)
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["name", "top", "path", "file", "digest", "parameters"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
