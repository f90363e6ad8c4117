"""`TensorBoard`: logs, weights and the graph as TensorBoard event files (extra `tensorboard`)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, PositiveInt, PrivateAttr
from pydantic_core import PydanticCustomError

from modelc.callbacks.callback import Array, ConfigCallback, Logs, State, observing
from modelc.callbacks.tensorboard_graph import graph_event
from modelc.config.options import NonNegativeInt
from modelc.config.paths import OutputPath
from modelc.errors import InputError, SpecError


def _off(value: Any) -> Any:
    if value not in (0, None):
        raise PydanticCustomError("value", "this callback does not write this", {"help": "leave it out"})
    return value


class TensorBoard(ConfigCallback):
    """Writes TensorBoard event files to `log_dir`: `train` for training, `validation` for evaluations.

    Writes `epoch_loss` and so on with the learning rate after each epoch; `batch_loss` and so on after batches, if
    `update_freq` is set so; `evaluation_loss_vs_iterations` and so on after evaluations; when training begins the graph
    of layers, with a scope for each nested model.
    """

    aliases = ("tensorboard",)

    order = (
        "log_dir histogram_freq write_graph write_images write_steps_per_second update_freq profile_batch "
        "embeddings_freq embeddings_metadata"
    )

    log_dir: OutputPath = "logs"
    """The folder of the event files, for `tensorboard --logdir`."""
    histogram_freq: NonNegativeInt = 0
    """The number of epochs between histograms of all weights; 0 for none."""
    write_graph: bool = True
    """Whether to write the graph of layers, with their options, output shapes and costs."""
    write_images: bool = False
    """Whether to write weights as images too, together with their histograms."""
    write_steps_per_second: bool = False
    """Whether to write the number of training steps per second."""
    update_freq: Literal["epoch", "batch"] | PositiveInt = "epoch"
    """The number of batches between writes of losses and metrics; `batch` stands for 1, `epoch` for after epochs
    only."""
    profile_batch: Annotated[Literal[0], BeforeValidator(_off)] = 0
    """No effect: batches are not profiled."""
    embeddings_freq: Annotated[Literal[0], BeforeValidator(_off)] = 0
    """No effect: embeddings are not written."""
    embeddings_metadata: Annotated[None, BeforeValidator(_off)] = None
    """Has no effect: embeddings are not written."""

    _writers: dict[str, Any] = PrivateAttr(default_factory=dict[str, Any])
    _train_batch: int = PrivateAttr(0)
    _epoch_iterations: int = PrivateAttr(0)
    _epoch_started: float = PrivateAttr(0.0)
    _batch_started: float = PrivateAttr(0.0)

    @property
    def _every(self) -> int | None:
        return None if self.update_freq == "epoch" else 1 if self.update_freq == "batch" else self.update_freq

    def unused_events(self) -> frozenset[str]:
        """Batches, unless they are written."""
        return frozenset({"on_train_batch_begin", "on_train_batch_end"}) if self._every is None else frozenset()

    def set_model(self, model: Any) -> None:
        """Called before anything else. Raises `InputError` where tensorboardX is not installed."""
        super().set_model(model)
        _writer_class()

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin to count, and write the graph."""
        self._train_batch = 0
        writer = self._writer("train")
        model: Any = self.model
        if self.write_graph and hasattr(model, "view"):
            try:
                drawing = model.view(histograms=False)
            except SpecError:  # it returns what no definition can name: a run is worth more than a picture of it
                return
            writer.file_writer.add_event(graph_event(drawing.picture.top))

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Close the files."""
        self.close()

    def close(self) -> None:
        """Close the files."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    @observing
    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Count the step and start its clock."""
        self._train_batch += 1
        self._batch_started = time.monotonic()

    @observing
    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Write the logs of a batch, if it is its turn."""
        if self._every is None or self._train_batch % self._every:
            return
        scalars = dict(logs or {})
        if self.write_steps_per_second:
            scalars["steps_per_second"] = 1 / max(time.monotonic() - self._batch_started, 1e-9)
        self._scalars("train", "batch_", scalars, self._train_batch)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Begin to measure."""
        self._epoch_iterations, self._epoch_started = int(self.model.optimizer.iterations), time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write the logs of an epoch, and the weights."""
        if logs:
            train = {name: value for name, value in logs.items() if not name.startswith("val_")}
            train["learning_rate"] = float(self.model.optimizer.learning_rate)
            if self.write_steps_per_second:
                steps = int(self.model.optimizer.iterations) - self._epoch_iterations
                train["steps_per_second"] = steps / max(time.monotonic() - self._epoch_started, 1e-9)
            validation = {name[4:]: value for name, value in logs.items() if name.startswith("val_")}
            self._scalars("train", "epoch_", train, epoch)
            if validation:
                self._scalars("validation", "epoch_", validation, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._weights(epoch)
        for writer in self._writers.values():
            writer.flush()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Write the results of an evaluation."""
        if logs and self.model.optimizer is not None:
            named = {f"evaluation_{name}_vs_iterations": value for name, value in logs.items()}
            self._scalars("validation", "", named, int(self.model.optimizer.iterations))
            self._writer("validation").flush()

    def state(self) -> State:
        """How many batches were counted."""
        return {}, {"train_batch": self._train_batch} if self._train_batch else {}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there."""
        self._train_batch = numbers["train_batch"]

    def _writer(self, part: str) -> Any:
        if part not in self._writers:
            self._writers[part] = _writer_class()(logdir=str(Path(self.log_dir) / part), write_to_disk=True)
        return self._writers[part]

    def _scalars(self, part: str, prefix: str, values: Mapping[str, Any], step: int) -> None:
        writer = self._writer(part)
        for name, value in values.items():
            writer.add_scalar(prefix + name, value, step)

    def _weights(self, epoch: int) -> None:
        writer = self._writer("train")
        for variable in self.model.weights:
            array = np.asarray(variable)
            # TensorFlow's histograms are of finite values too: one NaN would stop the run at the picture of it.
            finite = array[np.isfinite(array)]
            if finite.size:
                writer.add_histogram(f"{variable.path}/histogram", finite, epoch)
            picture = _picture(array) if self.write_images else None
            if picture is not None:
                writer.add_image(f"{variable.path}/image", picture, epoch, dataformats="HWC")


def _picture(array: Array) -> Array | None:
    """A vector as a row, a matrix lying on its side, scaled to 0 … 1; None for what has more axes."""
    flat = array.squeeze()
    if flat.ndim not in (1, 2) or not np.isfinite(flat).all():
        return None
    matrix = np.atleast_2d(flat)
    matrix = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    low, high = matrix.min(), matrix.max()
    return ((matrix - low) / (high - low if high > low else 1.0))[:, :, None].astype(np.float32)


def _writer_class() -> Any:
    try:
        from tensorboardX import SummaryWriter  # pyright: ignore
    except ImportError:
        raise InputError("the TensorBoard callback needs tensorboardX: pip install 'modelc[tensorboard]'") from None
    return SummaryWriter
