"""`modelc.distributed.predict`: arrays and data frames of Dask, and arrays of NumPy on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.bulk import run as bulk_run
from modelc.distributed import predict
from modelc.errors import InputError
from tests.cluster.conftest import expected

da = pytest.importorskip("dask.array")
X = np.random.default_rng(1).standard_normal((1000, 4)).astype(np.float32)
TWO = """\
modelc: 1
inputs: {a: {shape: [4]}, b: {shape: [2, 3]}}
layers:
  - {type: Flatten, inputs: b, name: flat}
  - {type: Concatenate, inputs: [a, flat], name: both}
  - {type: Dense, units: 3, inputs: both, name: first}
  - {type: Reshape, target_shape: [2, 5], inputs: both, name: second}
outputs: [first, second]
"""


def test_an_array_of_dask(artifact: Path) -> None:
    model = modelc.load(artifact)
    lazy = predict(model, da.from_array(X, chunks=(320, 3)))
    assert (lazy.shape, lazy.dtype, lazy.chunks) == ((1000, 3), np.float32, ((320, 320, 320, 40), (3,)))
    found = lazy.compute(scheduler="threads")
    assert found.tobytes() == model.predict(X, verbose=0).tobytes()
    assert np.allclose(found, expected(X), atol=1e-5)
    # Only the chunks that are asked for are computed, also of an array whose length is not known.
    assert np.array_equal(lazy[:5].compute(scheduler="sync"), found[:5])
    some = da.from_array(X, chunks=(320, 4))
    unknown = some[some[:, 0] > 0]
    assert np.allclose(predict(model, unknown).compute(scheduler="sync"), expected(X[X[:, 0] > 0]), atol=1e-5)


def test_several_inputs_and_outputs() -> None:
    model = modelc.load_spec(TWO).build(seed=0)
    b = np.random.default_rng(2).standard_normal((1000, 2, 3)).astype(np.float32)
    want = model.predict([X, b], verbose=0)
    lazy = {"b": da.from_array(b, chunks=(500, 1, 1)), "a": da.from_array(X, chunks=(320, 4))}
    for given in (lazy, [lazy["a"], lazy["b"]]):
        found = predict(model, given)
        assert [one.shape for one in found] == [(1000, 3), (1000, 2, 5)]
        for one, other in zip(da.compute(*found, scheduler="sync"), want, strict=True):
            assert np.array_equal(one, other)
    with pytest.raises(InputError, match="the model takes 2 inputs"):
        predict(model, [lazy["a"]])
    with pytest.raises(InputError, match="the inputs of the model are a, b, found a, c"):
        predict(model, {"a": lazy["a"], "c": lazy["b"]})


def test_a_data_frame_of_dask(artifact: Path) -> None:
    pd = pytest.importorskip("pandas")
    dd = pytest.importorskip("dask.dataframe")
    table = pd.DataFrame(X, columns=list("abcd"), index=np.arange(1000) * 3)
    table["name"] = "n"
    model = modelc.load(artifact)
    frame = dd.from_pandas(table, npartitions=3)
    found = predict(model, frame, columns={model.input_names[0]: ["d", "c", "b", "a"]})
    assert list(found.columns) == ["out[0]", "out[1]", "out[2]"]
    computed = found.compute(scheduler="sync")
    assert computed.index.equals(table.index)
    assert computed.dtypes.tolist() == [np.float32] * 3
    assert np.allclose(computed.to_numpy(), expected(X[:, ::-1]), atol=1e-5)
    with pytest.raises(InputError, match="has 5 columns"):
        predict(model, frame)


def test_arrays_of_numpy_on_a_cluster(client: Any, artifact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_run, "_CHUNK_SAMPLES", 96)
    found = predict(artifact, X, client=client)
    assert found.tobytes() == modelc.load(artifact).predict(X, verbose=0).tobytes()
    lazy = predict(artifact, da.from_array(X, chunks=(320, 4)))
    assert client.compute(lazy).result().tobytes() == found.tobytes()
    with pytest.raises(InputError, match="the input has the shape"):
        predict(artifact, X[:, :3], client=client)
    with pytest.raises(InputError, match="there is no client"):
        predict(artifact, X)


def test_what_does_not_fit_is_told_at_once(artifact: Path) -> None:
    with pytest.raises(InputError, match=r"the input has the shape \(1, 3\), expected \(None, 4\)"):
        predict(artifact, da.zeros((10, 3)))
    with pytest.raises(InputError, match="expected numbers"):
        predict(artifact, da.from_array(np.array([["a"] * 4])))


def test_stateful_models_are_refused() -> None:
    layers = "[{type: LSTM, units: 2, stateful: true}, {type: Dense, units: 1}]"
    model = modelc.load_spec(f"modelc: 1\ninput: {{shape: [3, 4], batch_size: 2}}\nlayers: {layers}\n").build()
    with pytest.raises(InputError, match="stateful layers"):
        predict(model, da.zeros((10, 3, 4)))


def test_the_model_is_one_node_of_the_graph(artifact: Path) -> None:
    """Its bytes do not travel with each task."""
    import pickle

    from modelc.cluster.handle import ModelHandle

    lazy = predict(artifact, da.from_array(X, chunks=(10, 4)))
    graph = dict(lazy.__dask_graph__())
    handles = [key for key, task in graph.items() if isinstance(getattr(task, "value", task), ModelHandle)]
    assert len(handles) == 1
    others = [task for key, task in graph.items() if key != handles[0] and "predict" in str(key)]
    size = len(pickle.dumps(ModelHandle.of(modelc.load(artifact))))
    assert others
    assert all(len(pickle.dumps(task)) < size for task in others)
