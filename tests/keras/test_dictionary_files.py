"""Models with dictionaries that Keras 2 saved, against what it computed (`modelc run` of them: tests/cli)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.model.loading import load_spec

pytest.importorskip("h5py")

Array = np.ndarray[Any, Any]

FILES = Path(__file__).parent / "dictionary_files"
NAMES = sorted(path.stem for path in FILES.glob("*.npz"))
EVERY = [f"{name}.{suffix}" for name in NAMES for suffix in ("h5", "keras")]


def recorded(name: str) -> tuple[dict[str, Array], dict[str, Array]]:
    with np.load(FILES / f"{Path(name).stem}.npz") as stored:
        inputs, outputs = ({k[2:]: stored[k] for k in stored if k[0] == kind} for kind in "xy")
        return inputs, outputs


def assert_is(found: Any, expected: dict[str, Array]) -> None:
    made: dict[str, Array] = found if isinstance(found, dict) else {"": found}
    assert made.keys() == expected.keys()
    for key, value in expected.items():
        np.testing.assert_allclose(made[key], value, rtol=1e-5, atol=1e-6, err_msg=key)


def test_none_is_lost() -> None:
    cases = (FILES / "record.py").read_text().split("@case\ndef ")[1:]
    assert sorted(case.partition("(")[0] for case in cases) == NAMES
    assert all((FILES / name).exists() for name in EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_computes_what_keras_did(name: str, tmp_path: Path) -> None:
    inputs, outputs = recorded(name)
    spec = load_spec(FILES / name)
    assert_is(spec.build(backend="reference").predict(inputs), outputs)
    (tmp_path / "again.yaml").write_text(spec.replaced(weights=None).to_yaml())
    again = load_spec(tmp_path / "again.yaml").build(backend="reference", weights=FILES / name)
    assert_is(again.predict(inputs), outputs)
