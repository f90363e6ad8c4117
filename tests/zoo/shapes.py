"""Pictures of shapes, of different sizes, in folders by class; and a MobileNet that was trained on other shapes.

`python tests/zoo/shapes.py` trains it and writes `shapes.npz`: its weights take the place of published ones in tests of
transfer learning, which then has something to transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = Path(__file__).with_name("shapes.npz")
KINDS = ("circle", "square", "triangle")
LEARNT_BEFORE = ("bar", "cross", "diamond", "ring", "star", "wedge")
NAME = "mobilenet_0.25_128"
FILE = "mobilenet_2_5_128_tf_no_top.h5"


def draw(kind: str, rng: np.random.Generator) -> Any:
    """One picture: a shape of any place, size and colour on dark noise."""
    from PIL import Image, ImageDraw

    width, height = (int(n) for n in rng.integers(60, 160, 2))
    image = Image.fromarray(rng.integers(0, 90, (height, width, 3), np.uint8))
    size = int(rng.integers(min(width, height) // 3, min(width, height) * 2 // 3))
    x, y = (int(rng.integers(0, n - size)) for n in (width, height))
    colour = tuple(int(c) for c in rng.integers(120, 256, 3))
    pen, right, low, half, third = ImageDraw.Draw(image), x + size, y + size, size // 2, size // 3
    box = (x, y, right, low)
    match kind:
        case "circle":
            pen.ellipse(box, colour)
        case "square":
            pen.rectangle(box, colour)
        case "triangle":
            pen.polygon((x, low, right, low, x + half, y), colour)
        case "bar":
            pen.rectangle((x, y + third, right, low - third), colour)
        case "cross":
            pen.rectangle((x, y + third, right, low - third), colour)
            pen.rectangle((x + third, y, right - third, low), colour)
        case "diamond":
            pen.polygon((x + half, y, right, y + half, x + half, low, x, y + half), colour)
        case "ring":
            pen.ellipse(box, outline=colour, width=max(2, size // 5))
        case "star":
            pen.polygon((x, low, x + half, y, right, low, x, y + third, right, y + third), colour)
        case "wedge":
            pen.pieslice(box, 20, 160, colour)
        case _:
            raise ValueError(kind)
    return image


def draw_folder(folder: Path, kinds: Sequence[str], count: int, seed: int) -> None:
    """So many pictures of each kind, in a folder of its name."""
    rng = np.random.default_rng(seed)
    for kind in kinds:
        (folder / kind).mkdir(parents=True)
        for i in range(count):
            draw(kind, rng).save(folder / kind / f"{i:03}.png")


def published_file(path: Path) -> None:
    """The weights as a file of Keras, as if they were the published ones of MobileNet without its top layers."""
    from modelc import applications

    model = applications.MobileNet((128, 128, 3), 0.25, include_top=False, weights=None, backend="reference")
    with np.load(WEIGHTS) as arrays:
        model.set_weights([arrays[f"w{i}"].astype(np.float32) for i in range(len(arrays))])
    written = path.with_name("written.weights.h5")
    model.save_weights(written)
    written.rename(path)


def _train(folder: Path) -> None:
    """Train it and write its weights, in half precision."""
    from modelc import Sequential, applications, layers
    from modelc.data import PicturesSource

    draw_folder(folder / "train", LEARNT_BEFORE, 300, 10)
    draw_folder(folder / "test", LEARNT_BEFORE, 40, 11)
    base = applications.MobileNet((96, 96, 3), 0.25, include_top=False, weights=None, pooling="avg", seed=1)
    model = Sequential([base, layers.Dense(len(LEARNT_BEFORE), activation="softmax")])
    for rate, epochs in ((0.003, 16), (0.0005, 8)):
        model.compile({"type": "Adam", "learning_rate": rate}, "sparse_categorical_crossentropy", metrics=["accuracy"])
        held_out = PicturesSource(path=str(folder / "test"))
        model.fit(PicturesSource(path=str(folder / "train")), epochs=epochs, validation_data=held_out, verbose=2)
    arrays = {f"w{i}": array.astype(np.float16) for i, array in enumerate(base.get_weights())}
    np.savez_compressed(WEIGHTS, **arrays)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as temporary:
        _train(Path(temporary))
