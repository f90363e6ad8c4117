"""Callbacks, against those of Keras: both are driven with the same logs, and must do the same."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from modelc.callbacks import CALLBACKS
from modelc.callbacks.callback import HOOKS, Callback
from modelc.callbacks.callback_list import CallbackList
from modelc.callbacks.log import CSVLogger, History
from modelc.callbacks.patience import EarlyStopping, ReduceLROnPlateau
from modelc.callbacks.resume import BackupAndRestore
from modelc.callbacks.save import ModelCheckpoint
from modelc.callbacks.simple import LambdaCallback, LearningRateScheduler, SwapEMAWeights, TerminateOnNaN
from modelc.errors import ModelcError, SpecError, StorageError
from modelc.metrics import METRICS
from modelc.metrics.directions import direction_of
from modelc.training.measures import Measures
from tests.live_keras import live_keras

sys.path.insert(0, str(Path(__file__).parent))

from fake_model import FakeModel

Series = Sequence[Mapping[str, float]]


@pytest.fixture(scope="module")
def theirs() -> Any:
    return live_keras().callbacks


def drive(callbacks: Any, model: FakeModel, logs: Series, batches: int = 3, first: int = 0) -> History:
    """A loop of training whose epochs give these logs."""
    every = CallbackList(callbacks, add_history=True, model=model, epochs=len(logs), steps=batches, verbose=0)
    every.on_train_begin()
    epoch, start = model.resume_from or (first, 0)
    model.resume_from = None
    for number in range(epoch, len(logs)):
        every.on_epoch_begin(number)
        for batch in range(start, batches):
            every.on_train_batch_begin(batch)
            model.step()
            every.on_train_batch_end(batch, dict(logs[number]))
        start = 0
        every.on_epoch_end(number, dict(logs[number]))
        if model.stop_training:
            break
    every.on_train_end()
    assert every.history is not None
    return every.history


def losses(seed: int, count: int = 25) -> list[dict[str, float]]:
    rng = np.random.default_rng(seed)
    falling = 2 * np.exp(-np.arange(count) / 5) + 0.3 * rng.random(count)
    rows = [{"loss": float(a), "val_loss": float(a + 0.2 * rng.random())} for a in falling]
    return [{**row, "val_accuracy": 1 - row["val_loss"] / 3} for row in rows]


STOPPING: dict[str, dict[str, Any]] = {
    "default": {},
    "patience": {"patience": 2},
    "min_delta": {"patience": 2, "min_delta": 0.1},
    "negative min_delta": {"patience": 2, "min_delta": -0.1},
    "max": {"monitor": "val_accuracy", "mode": "max", "patience": 3, "min_delta": 0.05},
    "baseline": {"patience": 3, "baseline": 0.9},
    "unreachable baseline": {"patience": 4, "baseline": 0.0, "restore_best_weights": True},
    "restore": {"patience": 3, "restore_best_weights": True},
    "late": {"patience": 1, "start_from_epoch": 6, "restore_best_weights": True},
    "min": {"monitor": "loss", "mode": "min", "patience": 1},
}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("options", STOPPING.values(), ids=STOPPING)
def test_early_stopping(theirs: Any, options: dict[str, Any], seed: int) -> None:
    ours, model = EarlyStopping(**options), FakeModel()
    history = drive(ours, model, losses(seed))
    expected, other = theirs.EarlyStopping(**options), FakeModel()
    expected_history = drive(expected, other, losses(seed))
    assert history.epoch == expected_history.epoch
    assert (ours.stopped_epoch, ours.best_epoch, ours.wait) == (
        expected.stopped_epoch, expected.best_epoch, expected.wait
    )  # fmt: skip
    assert ours.best == expected.best
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


PLATEAU: dict[str, dict[str, Any]] = {
    "default": {"patience": 2},
    "factor": {"patience": 1, "factor": 0.5, "min_lr": 0.01},
    "cooldown": {"patience": 1, "cooldown": 2, "min_delta": 0.1},
    "no patience": {"patience": 0, "factor": 0.9, "min_delta": 0.2},
    "max": {"monitor": "val_accuracy", "mode": "max", "patience": 1, "min_delta": 0.05},
}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("options", PLATEAU.values(), ids=PLATEAU)
def test_reduce_on_plateau(theirs: Any, options: dict[str, Any], seed: int) -> None:
    history = drive(ReduceLROnPlateau(**options), FakeModel(), losses(seed))
    expected = drive(theirs.ReduceLROnPlateau(**options), FakeModel(), losses(seed))
    assert history.history == expected.history
    assert len(set(history.history["learning_rate"])) > 1


def test_schedule(theirs: Any) -> None:
    for schedule in (lambda epoch, rate: rate * 0.9, lambda epoch: 1.0 / (epoch + 1)):
        history = drive(LearningRateScheduler(schedule), FakeModel(), losses(0))
        assert history.history == drive(theirs.LearningRateScheduler(schedule), FakeModel(), losses(0)).history
    with pytest.raises(ModelcError, match="must give a float, found 1"):
        drive(LearningRateScheduler(lambda epoch: 1), FakeModel(), losses(0))


SAVING: dict[str, dict[str, Any]] = {
    "default": {},
    "best": {"save_best_only": True},
    "best of the highest": {"save_best_only": True, "monitor": "val_accuracy", "mode": "max"},
    "better than": {"save_best_only": True, "initial_value_threshold": 0.8},
    "batches": {"save_freq": 4, "monitor": "loss"},
    "best batches": {"save_freq": 2, "save_best_only": True, "monitor": "loss"},
}


@pytest.mark.parametrize("options", SAVING.values(), ids=SAVING)
@pytest.mark.parametrize("weights", [False, True])
def test_model_checkpoint(theirs: Any, options: dict[str, Any], weights: bool, tmp_path: Path) -> None:
    name = "{epoch:02d}-{batch:03d}-{val_loss:.2f}" if "save_freq" in options else "{epoch:02d}-{val_loss:.3f}"
    suffix, their_suffix = (".safetensors", ".weights.h5") if weights else (".modelc", ".keras")
    ours, model = ModelCheckpoint(tmp_path / "a" / (name + suffix), save_weights_only=weights, **options), FakeModel()
    drive(ours, model, losses(3))
    other = FakeModel()
    expected = theirs.ModelCheckpoint(str(tmp_path / "a" / (name + their_suffix)), save_weights_only=weights, **options)
    if options.get("save_freq"):  # Keras asks which way is better at the end of the first epoch only.
        expected._set_monitor_op()
    drive(expected, other, losses(3))
    assert [(kind, path.replace(their_suffix, suffix)) for kind, path in other.saved] == model.saved
    assert model.saved
    assert (tmp_path / "a").is_dir()
    assert ours.best == expected.best


def test_model_checkpoint_writes_files_that_open(tmp_path: Path) -> None:
    import modelc

    spec = modelc.load_spec({"modelc": 1, "input": {"shape": [3]}, "layers": [{"type": "Dense", "units": 2}]})
    built: Any = spec.build(seed=1, backend="reference")
    for suffix in (".modelc", ".safetensors"):
        saver = ModelCheckpoint(tmp_path / ("model" + suffix), save_weights_only=suffix == ".safetensors")
        saver.set_model(built)
        saver.on_epoch_end(0, {"val_loss": 1.0})
    np.testing.assert_array_equal(
        modelc.load(tmp_path / "model.modelc", backend="reference").get_weights()[0], built.get_weights()[0]
    )
    (tmp_path / "folder.modelc").mkdir()
    saver = ModelCheckpoint(tmp_path / "folder.modelc")
    saver.set_model(built)
    with pytest.raises(StorageError, match="cannot be written"):
        saver.on_epoch_end(0, {"val_loss": 1.0})


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("{epoch.__class__}.modelc", "cannot fill in {epoch.__class__}"),
        ("{loss[0]}.modelc", r"cannot fill in {loss\[0\]}"),
        ("{epoch:999999999d}.modelc", "cannot fill in"),
        ("{epoch:{epoch}}.modelc", "cannot fill in"),
        ("{epoch!r}.modelc", "cannot fill in {epoch!r}"),
        ("{}.modelc", "cannot fill in"),
        ("{epoch.modelc", "expected '}'"),
        ("model.h5", "must end in .modelc or .keras: a model is saved"),
    ],
)
def test_file_names_reach_no_further(path: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        ModelCheckpoint(path)


def test_file_name_with_a_metric_that_is_not_there() -> None:
    with pytest.raises(SpecError, match=r"there is no 'val_f1'\n  help: there are: epoch, loss"):
        drive(ModelCheckpoint("{val_f1}.modelc"), FakeModel(), [{"loss": 1.0}])


@pytest.mark.parametrize("append", [False, True])
@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_logger(theirs: Any, tmp_path: Path, append: bool, separator: str) -> None:
    for kind, path in ((CSVLogger, tmp_path / "ours"), (theirs.CSVLogger, tmp_path / "theirs")):
        for first in (0, 2):
            logs: Any = [{"loss": 0.1 * i, "b": "text", "a": np.arange(2)} for i in range(2)]
            drive(kind(str(path), separator=separator, append=append), FakeModel(), logs)
            late: Any = [{"loss": 1e-9}, {"loss": 2.0, "val_loss": 3.0}]
            drive(kind(str(path), separator=separator, append=True), FakeModel(), late, first=first and 1)
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


def test_csv_logger_leaves_a_file_when_there_is_no_epoch(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("epoch,loss\n0,1.5\n")
    drive(CSVLogger(tmp_path / "a.csv"), FakeModel(), [])
    assert (tmp_path / "a.csv").read_text() == ""
    with pytest.raises(StorageError, match="No such file or directory"):
        drive(CSVLogger(tmp_path / "none" / "a.csv"), FakeModel(), [])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_terminate_on_nan(theirs: Any, bad: float, capsys: Any) -> None:
    logs = [{"loss": 1.0}, {"loss": bad}, {"loss": 1.0}]
    for callback in (TerminateOnNaN(), theirs.TerminateOnNaN()):
        assert drive(callback, FakeModel(), logs).epoch == [0, 1]
    assert "Batch 0: the loss is" in capsys.readouterr().err
    with pytest.raises(ModelcError, match="the loss of batch 0 is"):
        drive(TerminateOnNaN(raise_error=True), FakeModel(), logs)


@pytest.mark.parametrize("on_epoch", [False, True])
def test_swap_ema_weights(theirs: Any, on_epoch: bool) -> None:
    """The weights that a callback after it sees, and those in an evaluation, are Keras's."""

    def run(callback: Any, model: Any, step: Any, value: Any) -> list[float]:
        seen: list[float] = []
        note = LambdaCallback(
            on_epoch_end=lambda epoch, logs: seen.append(value()),
            on_epoch_begin=lambda epoch, logs: seen.append(value()),
            on_test_begin=lambda logs: seen.append(value()),
            on_test_end=lambda logs: seen.append(value()),
        )
        every = CallbackList([callback, note], model=model, epochs=3, steps=1, verbose=0)
        for epoch in range(3):
            every.on_epoch_begin(epoch)
            step()
            every.on_test_begin()
            every.on_test_end()
            every.on_epoch_end(epoch)
        return [*seen, value()]

    model = FakeModel(averages=True)
    ours = run(SwapEMAWeights(on_epoch), model, model.step, lambda: float(model.variable.value[0, 0]))
    weight, average = _KerasVariable(0.0), _KerasVariable(-1.0)
    optimizer = SimpleNamespace(
        use_ema=True, _trainable_variables=[weight], _model_variables_moving_average=[average], iterations=0
    )
    other = SimpleNamespace(optimizer=optimizer)

    def step() -> None:
        weight.assign(weight.value + 0.5)
        average.assign(average.value - 1)

    expected = run(theirs.SwapEMAWeights(on_epoch), other, step, lambda: float(weight.value))
    assert ours == expected
    assert model.average is not None
    assert float(model.average[0][0, 0]) == float(average.value)
    with pytest.raises(SpecError, match="keeps no averages"):
        drive(SwapEMAWeights(True), FakeModel(), losses(0))


class _KerasVariable:
    """As much of a variable as Keras's callback uses."""

    def __init__(self, value: float) -> None:
        self.value = np.float32(value)

    def assign(self, value: Any) -> None:
        self.value = np.float32(np.asarray(value))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.value, dtype)


def test_defaults_and_order_of_options_are_those_of_keras(theirs: Any) -> None:
    import inspect

    for name in CALLBACKS.names:
        parameters = dict(inspect.signature(getattr(theirs, name).__init__).parameters)
        parameters.pop("self")
        parameters.pop("kwargs", None)
        fields = CALLBACKS[name].model_fields
        assert list(fields) == list(parameters), name
        for option, parameter in parameters.items():
            if parameter.default is not inspect.Parameter.empty:
                assert fields[option].default == parameter.default, (name, option)
            else:
                assert fields[option].is_required(), (name, option)


def test_events_are_those_of_keras(theirs: Any) -> None:
    assert set(HOOKS) == {name for name in dir(theirs.Callback) if name.startswith("on_")}


def test_keras_callbacks_and_plain_objects_are_called_too(theirs: Any) -> None:
    seen: list[Any] = []

    class Theirs(theirs.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append((epoch, logs))

    drive([Theirs(), [History()]], FakeModel(), [{"loss": 1.0}])
    assert seen == [(0, {"loss": 1.0})]


def test_batches_without_listeners_cost_nothing() -> None:
    class Old(Callback):
        def on_batch_end(self, batch: int, logs: Any = None) -> None: ...

    assert not CallbackList([EarlyStopping(), History()], model=FakeModel()).wants("on_train_batch_end")
    assert CallbackList([Old()], model=FakeModel()).wants("on_train_batch_end")
    assert CallbackList([LambdaCallback(on_train_batch_end=print)], model=FakeModel()).wants("on_train_batch_end")
    assert not CallbackList([LambdaCallback(on_train_batch_end=print)], model=FakeModel()).wants("on_test_begin")
    saver = ModelCheckpoint("a.modelc")
    assert not CallbackList([saver], model=FakeModel()).wants("on_train_batch_end")
    assert CallbackList([ModelCheckpoint("a.modelc", save_freq=3)], model=FakeModel()).wants("on_train_batch_end")


def test_auto_mode_asks_the_metrics_of_the_model() -> None:
    model = FakeModel()
    model.metric_directions = {"f1": "up", "mae": "down"}
    logs = [{"val_f1": 0.1 * i, "val_mae": 1.0 - 0.1 * i} for i in range(5)]
    assert drive(EarlyStopping("val_f1"), model, logs).epoch == [0, 1, 2, 3, 4]
    assert drive(EarlyStopping("val_mae"), model, logs).epoch == [0, 1, 2, 3, 4]
    with pytest.raises(SpecError, match=r"whether a higher or a lower `val_auc` is better\n  help: add `mode: max`"):
        drive(EarlyStopping("val_auc"), model, logs)


def test_directions_are_those_of_keras(theirs: Any) -> None:
    import keras

    needed: dict[str, dict[str, Any]] = {
        "PrecisionAtRecall": {"recall": 0.5}, "RecallAtPrecision": {"precision": 0.5},
        "SensitivityAtSpecificity": {"specificity": 0.5}, "SpecificityAtSensitivity": {"sensitivity": 0.5},
        "IoU": {"num_classes": 2, "target_class_ids": [0]}, "MeanIoU": {"num_classes": 2},
        "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]}, "OneHotMeanIoU": {"num_classes": 2},
    }  # fmt: skip
    for name in METRICS.names:
        options = needed.get(name, {})
        expected = getattr(getattr(keras.metrics, name)(**options), "_direction", None)
        assert direction_of(METRICS[name](**options)) == direction_of(name) == expected, name
    assert [direction_of(word) for word in ("acc", "ce", "mse")] == ["up", "down", "down"]


def test_directions_of_a_model() -> None:
    measures = Measures(["a", "b"], [["accuracy", "mse"], [METRICS["AUC"](name="area"), "Sum"]], None)
    assert measures.directions() == {
        "loss": "down", "a_loss": "down", "b_loss": "down", "a_accuracy": "up", "a_mse": "down", "b_area": "up"
    }  # fmt: skip


def test_a_metric_that_is_not_logged_is_a_warning() -> None:
    for callback in (EarlyStopping("val_loss"), ReduceLROnPlateau("val_loss")):
        with pytest.warns(UserWarning, match=r"watches `val_loss`, the metrics are: l"):
            drive(callback, FakeModel(), [{"loss": 1.0}])
    with pytest.warns(UserWarning, match="watches `val_loss`, the metrics are: loss; it saves all"):
        drive(ModelCheckpoint("a.modelc", save_best_only=True), FakeModel(), [{"loss": 1.0}])


def test_unknown_events_and_options_are_errors() -> None:
    with pytest.raises(SpecError, match="unknown event `on_epoch_ends`\n  help: did you mean `on_epoch_end`"):
        LambdaCallback(on_epoch_ends=print)
    with pytest.raises(SpecError, match="`factor` must be less than 1"):
        ReduceLROnPlateau(factor=1.0)
    with pytest.raises(SpecError, match="`mode` cannot be"):
        EarlyStopping(mode="up")  # type: ignore[arg-type]
    assert CALLBACKS.coerce({"type": "early_stopping", "patience": 3}) == EarlyStopping(patience=3)
    assert EarlyStopping(patience=3).plain() == {"type": "EarlyStopping", "patience": 3}


# --- stopping and going on


def _all(folder: Path) -> list[Any]:
    return [
        BackupAndRestore(folder / "backup", double_checkpoint=True, delete_checkpoint=False),
        EarlyStopping(patience=6, restore_best_weights=True),
        ReduceLROnPlateau(patience=1, factor=0.5, cooldown=1),
        ModelCheckpoint(folder / "{epoch}.modelc", save_best_only=True),
        CSVLogger(folder / "log.csv"),
        TerminateOnNaN(),
    ]


class _StoppedError(Exception):
    pass


@pytest.mark.parametrize("save_freq", ["epoch", 4])
@pytest.mark.parametrize("stop", [0, 1, 5, 16, 30, 55])
def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path, stop: int, save_freq: Any) -> None:
    logs = losses(1)
    (tmp_path / "whole").mkdir()
    whole = FakeModel()
    expected = drive(_all(tmp_path / "whole"), whole, logs)

    (tmp_path / "parts").mkdir()

    def parts() -> list[Any]:
        backup = BackupAndRestore(tmp_path / "parts" / "backup", save_freq=save_freq, delete_checkpoint=False)
        return [backup, *_all(tmp_path / "parts")[1:]]

    seen = 0

    def count(batch: int, logs: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == stop + 1:
            raise _StoppedError

    first, again = FakeModel(), FakeModel()
    with pytest.raises(_StoppedError):
        drive([*parts(), LambdaCallback(on_train_batch_begin=count)], first, logs)
    history = drive(parts(), again, logs)
    assert history.epoch == expected.epoch
    assert history.history == expected.history
    np.testing.assert_array_equal(again.get_weights()[0], whole.get_weights()[0])
    assert again.optimizer.iterations == whole.optimizer.iterations
    assert (tmp_path / "parts" / "log.csv").read_bytes() == (tmp_path / "whole" / "log.csv").read_bytes()
    names = [Path(path).name for _, path in whole.saved]
    assert [Path(path).name for _, path in [*first.saved, *again.saved]][-3:] == names[-3:]


def test_backups_are_removed_after_the_last_epoch(tmp_path: Path) -> None:
    drive(BackupAndRestore(tmp_path / "b"), FakeModel(), losses(0))
    assert not (tmp_path / "b").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("keep")
    drive(BackupAndRestore(tmp_path / "b"), FakeModel(), losses(0))
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["mine.txt"]


def test_no_two_are_kept_unless_asked_for(tmp_path: Path) -> None:
    for double, names in (
        (False, ["checkpoint-000025.zip"]),
        (True, ["checkpoint-000024.zip", "checkpoint-000025.zip"]),
    ):
        folder = tmp_path / str(double)
        drive(BackupAndRestore(folder, double_checkpoint=double, delete_checkpoint=False), FakeModel(), losses(0))
        assert sorted(path.name for path in folder.iterdir()) == names


def test_fresh_copies_share_nothing() -> None:
    one = EarlyStopping(patience=1, restore_best_weights=True)
    drive(one, FakeModel(), losses(0))
    other = one.fresh()
    assert other.best is None
    assert other.options() == one.options()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("stop", [3, 9, 16, 25, 27])
@pytest.mark.parametrize("save_freq", ["epoch", 4])
def test_a_real_run_that_was_stopped_ends_with_the_same_bytes(tmp_path: Path, stop: int, save_freq: Any) -> None:
    """Within an epoch, too: weights, metrics, the learning rate that depends on these, and the files."""
    import modelc

    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4)).astype(np.float32)
    y = (x @ rng.normal(size=(4, 3))).argmax(1)

    def model() -> Any:
        layers = modelc.layers
        stack = [
            modelc.Input((4,)), layers.Dense(5, activation="relu"), layers.Dropout(0.2), layers.BatchNormalization(),
            layers.Dense(3, activation="softmax"),
        ]  # fmt: skip
        made = modelc.Sequential(stack, seed=3, backend="reference")
        made.compile(
            "adam", "sparse_categorical_crossentropy", metrics=["accuracy", "sparse_top_k_categorical_accuracy"]
        )
        return made

    def fit(made: Any, folder: Path, *more: Callback) -> Any:
        folder.mkdir(exist_ok=True)
        callbacks = [
            BackupAndRestore(folder / "backup", save_freq=save_freq, delete_checkpoint=False),
            EarlyStopping("val_accuracy", patience=9, restore_best_weights=True),
            ReduceLROnPlateau("loss", patience=0, min_delta=0.08, factor=0.7),
            CSVLogger(folder / "log.csv"),
        ]
        return made.fit(
            x, y, batch_size=7, epochs=4, callbacks=[*callbacks, *more], validation_split=0.2, verbose=0
        )  # fmt: skip

    whole, first, again = model(), model(), model()
    expected = fit(whole, tmp_path / "whole")
    count = iter(range(1000))

    def interrupt(batch: int, logs: Any) -> None:
        if next(count) == stop:
            raise _StoppedError

    with pytest.raises(_StoppedError):
        fit(first, tmp_path / "parts", LambdaCallback(on_train_batch_begin=interrupt))
    history = fit(again, tmp_path / "parts")
    assert history.history == expected.history
    assert len(set(expected.history["learning_rate"])) > 1
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        assert a.tobytes() == b.tobytes()
    files = [(tmp_path / run / "log.csv").read_bytes() for run in ("whole", "parts")]
    assert files[0] == files[1]


@pytest.mark.parametrize("value", ["../../evil", "a/b", "..", "a\nb", ""])
def test_what_is_filled_in_is_no_folder(tmp_path: Path, value: str) -> None:
    saver = ModelCheckpoint(str(tmp_path / "d" / "{name}.modelc"))
    saver.set_model(FakeModel())
    with pytest.raises(SpecError, match="cannot be filled in with name"):
        saver.on_epoch_end(0, {"loss": 1.0, "name": value})
    assert not list(tmp_path.rglob("*"))


CHANGED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "optimizer": ({"optimizer": "sgd"}, {}, "optimizer: Adam → SGD"),
    "learning rate": ({"optimizer": {"type": "Adam", "learning_rate": 0.5}}, {}, "optimizer: Adam → {"),
    "loss": ({"loss": "mae"}, {}, "loss: MeanSquaredError → MeanAbsoluteError"),
    "metrics": ({"metrics": ["mae", "mse"]}, {}, "metrics: 1 entries → 2"),
    "seed": ({"seed": 4}, {}, "seed: 0 → 4"),
    "batch size": ({}, {"batch_size": 5}, "batch size: 7 → 5"),
    "shuffle": ({}, {"shuffle": False}, "shuffle: true → false"),
    "data": ({}, {"x": 1.0}, "data.content: "),
    "samples": ({}, {"validation_split": 0.2}, "data.samples: 30 → 24"),
    "weights": ({}, {"sample_weight": np.ones(30)}, "data.arrays: 2 entries → 3"),
    "layers": ({"units": 6}, {}, "layers[0].units: 5 → 6"),
    "frozen": ({"frozen": True}, {}, "layers[0].trainable: left out → false"),
}


@pytest.mark.parametrize("case", [*CHANGED, None])
def test_a_run_that_is_another_one_is_told_in_python(tmp_path: Path, case: str | None) -> None:
    import modelc

    x = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    folder = tmp_path / "b"

    def fit(backup: BackupAndRestore, compiled: dict[str, Any], fitted: dict[str, Any], epochs: int) -> Any:
        layers = [modelc.layers.Dense(compiled.pop("units", 5), trainable=not compiled.pop("frozen", False))]
        model = modelc.Sequential([modelc.Input((4,)), *layers, modelc.layers.Dense(4)], backend="reference")
        model.compile(**{"optimizer": "adam", "loss": "mse", "metrics": ["mae"], **compiled})
        given = x + fitted.pop("x", 0.0)
        options = {"batch_size": 7, "epochs": epochs, "verbose": 0, **fitted}
        return model, model.fit(given, given, callbacks=[backup], **options)

    fit(BackupAndRestore(folder, delete_checkpoint=False), {}, {}, 1)
    before = [path.read_bytes() for path in folder.iterdir()]
    if case is None:  # a longer run is the same run
        _, history = fit(BackupAndRestore(folder), {}, {}, 3)
        assert history.epoch == [0, 1, 2]
        return
    compiled, fitted, line = CHANGED[case]
    with pytest.raises(modelc.InputError, match="the run that was stopped is another one") as caught:
        fit(BackupAndRestore(folder), dict(compiled), dict(fitted), 2)
    assert line in str(caught.value), str(caught.value)
    assert "accept_changes()" in str(caught.value)
    assert [path.read_bytes() for path in folder.iterdir()] == before
    if case in ("learning rate", "loss", "seed", "batch size", "data"):
        _, history = fit(BackupAndRestore(folder).accept_changes(), dict(compiled), dict(fitted), 2)
        assert history.epoch == [0, 1]


def test_generators_are_compared_by_their_number_of_batches(tmp_path: Path) -> None:
    import modelc

    class Batches:
        def __init__(self, count: int) -> None:
            self.count = count

        def __len__(self) -> int:
            return self.count

        def __getitem__(self, index: int) -> Any:
            x = np.full((2, 4), index, np.float32)
            return x, x

    def fit(count: int, epochs: int) -> Any:
        model = modelc.Sequential([modelc.Input((4,)), modelc.layers.Dense(4)], backend="reference")
        model.compile("sgd", "mse")
        backup = BackupAndRestore(tmp_path / "b", delete_checkpoint=False)
        return model.fit(Batches(count), epochs=epochs, verbose=0, callbacks=[backup])

    fit(3, 1)
    assert fit(3, 2).epoch == [0, 1]
    with pytest.raises(modelc.InputError, match=r"data.batches: 3 → 4"):
        fit(4, 3)
