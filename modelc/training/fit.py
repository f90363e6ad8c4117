"""`fit` and `evaluate`: epochs of steps, with Keras's options and callbacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from modelc.callbacks.callback import say
from modelc.callbacks.callback_list import CallbackList
from modelc.config.arguments import kind_of, require_count
from modelc.data.batches import ArrayData, Data, Options, Shuffle, open_data
from modelc.data.streams import build_for
from modelc.errors import InputError
from modelc.graph.resources import telling_memory
from modelc.training.resuming import described
from modelc.training.trainer import in_order

if TYPE_CHECKING:
    from modelc.callbacks.log import History
    from modelc.training.trainer import Logs, Trainer


@dataclass(frozen=True)
class _Validation:
    """What is evaluated after an epoch."""

    data: Data
    epochs: int | frozenset[int]
    """How often: every so many epochs, or after these, which count from 1."""

    def is_due(self, epoch: int) -> bool:
        number = epoch + 1
        return number % self.epochs == 0 if isinstance(self.epochs, int) else number in self.epochs


@telling_memory
def fit(
    trainer: Trainer,
    x: Any = None,
    y: Any = None,
    batch_size: int | None = None,
    epochs: int = 1,
    *,
    verbose: Any = "auto",
    callbacks: Any = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: Shuffle = True,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    steps_per_epoch: int | None = None,
    validation_steps: int | None = None,
    validation_batch_size: int | None = None,
    validation_freq: Any = 1,
) -> History:
    """Train a model on data.

    `x` and `y` are arrays, also memory-mapped, or lists or mappings of arrays for several inputs or outputs; or `x`
    yields batches (x, y[, weights]): a generator, an iterable, or an object with `__len__` and `__getitem__`.
    `validation_data` is (x, y[, weights]) or yields batches; `validation_split` takes the last samples of arrays. The
    order of the samples in epoch k depends only on the seed of `compile` and on k. `verbose` is 0 for no output, 1 for
    a progress bar, 2 for a line per epoch. Returns the `History` with losses and metrics of all epochs. Raises
    `InputError`, before training starts, for data that does not match the model.
    """
    for name, count, least in (("epochs", epochs, 0), ("initial_epoch", initial_epoch, 0)):
        require_count(name, count, least)
    require_verbosity(verbose)
    x = build_for(trainer.model, x)
    model = trainer.model
    options = Options(
        batch_size=batch_size, shuffle=shuffle, seed=trainer.seed, class_weight=class_weight,
        steps_per_epoch=steps_per_epoch, epochs=epochs,
    )  # fmt: skip
    data = open_data(x, y, sample_weight, signature=trainer.signature, options=options)
    if isinstance(data, ArrayData) and data.columns.class_names:
        model.take_class_names(data.columns.class_names)
    checked = Options(batch_size=validation_batch_size or batch_size, steps_per_epoch=validation_steps, one_size=True)
    held_out: Data | None = None
    if validation_data is not None:
        held_out = _validation(trainer, validation_data, checked)
    elif not isinstance(validation_split, int | float):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"`validation_split` must be a fraction between 0 and 1, found {kind_of(validation_split)}")
    elif validation_split:
        data, held_out = data.split(validation_split)
    validation = None if held_out is None else _Validation(held_out, _frequency(validation_freq))
    calls = CallbackList(
        callbacks, add_history=True, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=epochs,
        steps=data.steps,
    )  # fmt: skip
    calls.describe(lambda: described(model.to_spec(), trainer.how, trainer.seed, data, held_out))
    model.stop_training, model.resume_from, trainer.interrupted = False, None, False
    if verbose and trainer.engine.on_compile is None:
        trainer.engine.on_compile = _say_compiled
    try:
        _run_epochs(trainer, data, calls, validation, range(initial_epoch, epochs))
    finally:
        calls.close()
    assert calls.history is not None, "the list was asked to keep one"
    return calls.history


def _say_compiled(family: str, seconds: float | None) -> None:
    """Say which kernels are compiled: for the first model of its kind on a machine that may take a minute."""
    say(f"compiling {family}" if seconds is None else f"compiled {family} in {seconds:.1f} s")


def _run_epochs(
    trainer: Trainer, data: Data, calls: CallbackList, validation: _Validation | None, epochs: range
) -> None:
    """Train from the first of these epochs on, or from where a callback says that the run goes on."""
    model = trainer.model
    calls.on_train_begin()
    logs: Logs = {}
    first, done = model.resume_from or (epochs.start, 0)
    for epoch in range(first, epochs.stop):
        trainer.progress = (epoch, done if epoch == first else 0)
        calls.on_epoch_begin(epoch)
        logs = _train_epoch(trainer, data, calls, epoch, done if epoch == first else 0)
        if validation is not None and validation.is_due(epoch) and not model.stop_training:
            results = run_test(trainer, validation.data, calls)
            logs |= {f"val_{name}": value for name, value in results.items()}
        calls.on_epoch_end(epoch, logs)
        if model.stop_training or data.exhausted:
            break
    if epochs.stop > 0:
        trainer.finalize()
    calls.on_train_end(logs)


def _train_epoch(trainer: Trainer, data: Data, calls: CallbackList, epoch: int, start: int) -> Logs:
    """The steps of an epoch from batch `start` on; losses and metrics over them; without any, of the epoch before."""
    index = start - 1
    for index, batch in enumerate(data.batches(epoch, start), start):
        if not index:
            trainer.reset()
        calls.on_train_batch_begin(index)
        logs = trainer.step(batch, training=True)
        calls.on_train_batch_end(index, logs)
        trainer.progress = (epoch, index + 1)
        if trainer.interrupted:
            raise KeyboardInterrupt
        if trainer.model.stop_training:
            break
    if index < 0 and not data.exhausted:
        raise InputError("the data gives no batches")
    return trainer.logs()


def require_verbosity(verbose: Any) -> None:
    """Raise `InputError` unless Keras knows how much is to be shown."""
    if verbose not in ("auto", 0, 1, 2):
        raise InputError(f'`verbose` is 0, 1, 2 or "auto", found {kind_of(verbose)}')


def _frequency(given: Any) -> int | frozenset[int]:
    """After how many epochs there is a validation, or after which ones."""
    if not isinstance(given, list | tuple | set | range):
        require_count("validation_freq", given)
        return int(given)
    epochs = list(cast("Iterable[Any]", given))
    for epoch in epochs:
        require_count("validation_freq", epoch)
    return frozenset(map(int, epochs))


def _validation(trainer: Trainer, given: Any, options: Options) -> Data:
    if isinstance(given, Data):
        return given
    if isinstance(given, list | tuple):
        parts = list(cast("tuple[Any, ...]", given))
        if len(parts) not in (2, 3):
            raise InputError(f"`validation_data` is (x, y) or (x, y, sample_weight), found {len(parts)} parts")
        return open_data(*parts, signature=trainer.signature, options=options)
    return open_data(given, signature=trainer.signature, options=options)


@telling_memory
def evaluate(
    trainer: Trainer,
    x: Any = None,
    y: Any = None,
    batch_size: int | None = None,
    *,
    verbose: Any = "auto",
    sample_weight: Any = None,
    steps: int | None = None,
    callbacks: Any = None,
    return_dict: bool = False,
) -> Any:
    """The loss on data, or a list of the loss and the metrics; a mapping by name with `return_dict`.

    No weight changes. The states of stateful layers, and the random counters of layers with `training: true`, continue
    from batch to batch, as in `predict` and in Keras.
    """
    require_verbosity(verbose)
    x = build_for(trainer.model, x)
    options = Options(batch_size=batch_size, steps_per_epoch=steps, one_size=True)
    data = open_data(x, y, sample_weight, signature=trainer.signature, options=options)
    calls = CallbackList(
        callbacks, add_progbar=verbose != 0, model=trainer.model, verbose=verbose, epochs=1, steps=data.steps
    )
    try:
        logs = run_test(trainer, data, calls)
    finally:
        calls.close()
    return logs if return_dict else in_order(logs)


def run_test(trainer: Trainer, data: Data, calls: CallbackList) -> Logs:
    """Losses and metrics over data; those of training are kept as they are."""
    with trainer.measuring_apart():
        calls.on_test_begin()
        index = -1
        for index, batch in enumerate(data.batches()):
            calls.on_test_batch_begin(index)
            calls.on_test_batch_end(index, trainer.step(batch, training=False))
        if index < 0:
            raise InputError("the data gives no batches")
        logs = trainer.logs()
        calls.on_test_end(logs)
    return logs
