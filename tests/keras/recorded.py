"""A folder of files that a version of Keras saved, each beside what it computed: `NAME.h5` and `NAME.npz`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np

from modelc.model.loading import load_spec

Array = np.ndarray[Any, Any]


class Recorded:
    """The files of a folder, which its `record.py` made, one for each function that is a case."""

    def __init__(self, folder: Path, suffix: str = ".h5") -> None:
        self.folder = folder
        self.suffix = suffix
        self.names = sorted(path.stem for path in folder.glob(f"*{suffix}"))

    def assert_none_is_lost(self) -> None:
        cases = (self.folder / "record.py").read_text().split("@case\ndef ")[1:]
        assert sorted(case.partition("(")[0] for case in cases) == self.names

    def arrays_of(self, name: str) -> tuple[list[Array], list[Array]]:
        """The inputs and the outputs."""
        with np.load(self.folder / f"{name}.npz") as stored:
            inputs = [stored[key] for key in sorted(stored) if key[0] == "x"]
            return inputs, [stored[key] for key in sorted(stored) if key[0] == "y"]

    def assert_computes(self, model: Any, name: str) -> None:
        inputs, expected = self.arrays_of(name)
        made: Any = model(inputs if len(inputs) > 1 else inputs[0])
        outputs = cast("list[Any]", made if isinstance(made, list) else [made])
        assert len(outputs) == len(expected)
        for found, wanted in zip(outputs, expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-5 * max(1.0, float(np.abs(wanted).max())), rtol=0)

    def assert_the_written_spec_computes_the_same(self, name: str, folder: Path) -> None:
        file = self.folder / f"{name}{self.suffix}"
        spec = load_spec(file)
        (folder / "again.yaml").write_text(spec.replaced(weights=None).to_yaml())
        again = load_spec(folder / "again.yaml").build(backend="reference", weights=file)
        self.assert_computes(again, name)
