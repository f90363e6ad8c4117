"""The files of a model, made from the model in Keras in a process of its own.

    python -m _peers.make MODEL FOLDER BATCH…

Writes `model.modelc`, `nchw.onnx`, `nhwc.onnx`, `nchw.xml`, `nhwc.xml`, an input and Keras's output for each batch
size, and `made.json` last. Models of no pictures have one form, which is called `nhwc`.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np

import modelc
from _peers.models import CASES, seeded

_LEAST_EFFECT = 1e-3
"""How much outputs have to depend on inputs, relative to the largest; many times what engines may differ by."""


def make(name: str, folder: Path, batches: list[int]) -> None:
    model = seeded(CASES[name])
    samples(model, CASES[name].largest, folder, batches)
    ours = folder / "model.keras"
    model.save(ours)
    macs = modelc.load_spec(ours).summary().macs
    built = modelc.load(ours)
    built(np.load(folder / f"x_{batches[0]}.npy"))  # compiles what is not compiled yet
    built.save(folder / "model.modelc")
    ours.unlink()
    if find_spec("onnx"):
        make_peers_files(model, folder)
    (folder / "made.json").write_text(json.dumps({"macs": macs, "batches": batches}))


def make_peers_files(model: Any, folder: Path) -> None:
    import onnx
    from _onnx import onnx_of

    for form in ("nchw", "nhwc") if len(model.input_shape) == 4 else ("nhwc",):
        file = folder / f"{form}.onnx"
        onnx.save(onnx_of(model, form.upper()), file)
        if find_spec("openvino"):
            import openvino

            openvino.save_model(openvino.convert_model(file), file.with_suffix(".xml"), compress_to_fp16=False)


def samples(model: Any, largest: float, folder: Path, batches: list[int]) -> None:
    """Write inputs and Keras's outputs. Exits where there would be nothing to compare."""
    x = np.random.default_rng(0).random((max(batches), *model.input_shape[1:]), np.float32) * np.float32(largest)
    *y, mirrored = model.predict(np.concatenate([x, np.flip(x[:1])]), batch_size=1, verbose=0)
    if not np.abs(mirrored - y[0]).max() > _LEAST_EFFECT * np.abs(y[0]).max():
        raise SystemExit("the outputs hardly depend on the input")
    for batch in batches:
        np.save(folder / f"x_{batch}.npy", x[:batch])
        np.save(folder / f"y_{batch}.npy", y[:batch])


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]), [int(batch) for batch in sys.argv[3:]])
