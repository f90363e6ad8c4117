"""Files that Keras 2.3.1 saved while it computed with Theano, against what Theano computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.model.loading import load_spec
from tests.keras.recorded import Recorded

pytest.importorskip("h5py")

RECORDED = Recorded(Path(__file__).parent / "theano_files")


def test_none_is_lost() -> None:
    RECORDED.assert_none_is_lost()


@pytest.mark.parametrize("name", RECORDED.names)
def test_computes_what_keras_did(name: str) -> None:
    RECORDED.assert_computes(load_spec(RECORDED.folder / f"{name}.h5").build(backend="reference"), name)


@pytest.mark.parametrize("name", RECORDED.names)
def test_the_written_spec_computes_the_same(name: str, tmp_path: Path) -> None:
    RECORDED.assert_the_written_spec_computes_the_same(name, tmp_path)


@pytest.mark.parametrize("name", ["depthwise", "separable", "recurrent_convolutions"])
def test_compiled(name: str) -> None:
    RECORDED.assert_computes(load_spec(RECORDED.folder / f"{name}.h5").build(), name)
