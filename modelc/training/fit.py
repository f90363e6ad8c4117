"""`fit` and `evaluate`: epochs of steps, with Keras's options and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from modelc.callbacks.callback import say
from modelc.callbacks.callback_list import CallbackList
from modelc.config.arguments import kind_of, require_count
from modelc.data.batches import ArrayData, Data, Options, Shuffle, open_data
from modelc.data.streams import build_for
from modelc.errors import InputError
from modelc.graph.resources import telling_memory
from modelc.training.bucket_sums import Compression, Summing
from modelc.training.conductor import Conductor
from modelc.training.distribution import MICRO_BATCHES, Distribution, SharedRun
from modelc.training.exchange import Alone, Exchange
from modelc.training.interrupted import EndedTogether
from modelc.training.resuming import described
from modelc.training.shared_test import shared_test
from modelc.training.trainer import in_order

if TYPE_CHECKING:
    from modelc.callbacks.log import History
    from modelc.training.trainer import Logs, Trainer

_Steps = Callable[[int, int], "Iterator[Callable[[], Logs]]"]
"""The steps of an epoch from a batch on: each runs when it is called, and gives losses and metrics so far."""


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
    micro_batches: int | None = None,
    compress: Compression = None,
    distribute: Distribution | None = None,
) -> History:
    """Train a model on data.

    `x` and `y` are arrays, also memory-mapped, or lists or mappings of arrays for several inputs or outputs; or `x`
    yields batches (x, y[, weights]): a generator, an iterable, or an object with `__len__` and `__getitem__`.
    `validation_data` is (x, y[, weights]) or yields batches; `validation_split` takes the last samples of arrays. The
    order of the samples in epoch k depends only on the seed of `compile` and on k. `verbose` is 0 for no output, 1 for
    a progress bar, 2 for a line per epoch.

    With `micro_batches`, the gradient of each batch is the sum of those of so many parts, which are computed one after
    the other in less memory; a BatchNormalization sees the part. `compress="bfloat16"` rounds gradients to bfloat16.

    Returns the `History` with losses and metrics of all epochs. Raises `InputError`, before training starts, for data
    that does not match the model.
    """
    for name, count, least in (("epochs", epochs, 0), ("initial_epoch", initial_epoch, 0)):
        require_count(name, count, least)
    require_verbosity(verbose)
    trainer.progress = None
    summing = summing_of(micro_batches, compress, shared=distribute is not None)
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
    if held_out is not None:
        _frequency(validation_freq)
    work = SharedRun(trainer, data, held_out, summing, range(initial_epoch, epochs), validation_freq)
    with nullcontext(Alone()) if distribute is None else distribute.joined(work) as exchange:
        if exchange.rank:
            callbacks, verbose = None, 0
        calls = CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=epochs,
            steps=data.steps,
        )  # fmt: skip
        calls.describe(lambda: described(model.to_spec(), trainer.how, trainer.seed, data, held_out, summing))
        if verbose and trainer.engine.on_compile is None:
            trainer.engine.on_compile = _say_compiled
        try:
            run(work, calls, exchange)
        except EndedTogether:
            raise
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            exchange.fail("it was interrupted" if interrupted else f"{type(error).__name__}: {error}")
            raise
        finally:
            trainer.share_no_more()
            calls.close()
    assert calls.history is not None, "the list was asked to keep one"
    return calls.history


def _say_compiled(family: str, seconds: float | None) -> None:
    """Say which kernels are compiled: for the first model of its kind on a machine that may take a minute."""
    say(f"compiling {family}" if seconds is None else f"compiled {family} in {seconds:.1f} s")


def summing_of(micro_batches: Any, compress: Any, *, shared: bool) -> Summing:
    """How gradients are summed. Raises `InputError` where that cannot be."""
    if micro_batches is not None:
        require_count("micro_batches", micro_batches)
    if compress not in (None, "bfloat16"):
        raise InputError(f'`compress` is None or "bfloat16", found {kind_of(compress)}')
    return Summing(micro_batches or (MICRO_BATCHES if shared else 1), compress)


def _steps(trainer: Trainer, data: Data, exchange: Exchange, summing: Summing) -> _Steps:
    """The steps of an epoch from a batch on: on whole batches, or on the parts of them that this process has."""
    if summing == Summing() and exchange.size == 1:
        return lambda epoch, start: (partial(trainer.step, b, training=True) for b in data.batches(epoch, start))
    split = trainer.share(data, exchange, summing)
    return lambda epoch, start: (partial(trainer.shared_step, share) for share in data.shares(split, epoch, start))


def run(work: SharedRun, calls: CallbackList, exchange: Exchange) -> None:
    """Train from the first epoch on, or from where a callback says that the run goes on: as one of the processes of an
    exchange, all of which do the same work.
    """
    trainer, data, epochs = work.trainer, work.data, work.epochs
    model = trainer.model
    model.stop_training, model.resume_from = False, None
    validation = None if work.held_out is None else _Validation(work.held_out, _frequency(work.validation_freq))
    steps = _steps(trainer, data, exchange, work.summing)
    conductor = Conductor(exchange, trainer, calls)
    calls.on_train_begin()
    conductor.agree()
    logs: Logs = {}
    first, done = model.resume_from or (epochs.start, 0)
    for epoch in range(first, epochs.stop):
        trainer.progress = (epoch, done if epoch == first else 0)
        calls.on_epoch_begin(epoch)
        logs = _train_epoch(trainer, data, steps, calls, epoch, done if epoch == first else 0, conductor)
        if validation is not None and validation.is_due(epoch) and not model.stop_training:
            results = run_test(trainer, validation.data, calls, conductor.exchange)
            logs |= {f"val_{name}": value for name, value in results.items()}
        calls.on_epoch_end(epoch, logs)
        conductor.agree()
        if model.stop_training or data.exhausted:
            break
    if epochs.stop > 0:
        trainer.finalize()
    calls.on_train_end(logs)
    conductor.agree()


def _train_epoch(
    trainer: Trainer, data: Data, steps: _Steps, calls: CallbackList, epoch: int, start: int, conductor: Conductor
) -> Logs:
    """The steps of an epoch from batch `start` on; losses and metrics over them; without any, of the epoch before."""
    index = start - 1
    for index, step in enumerate(steps(epoch, start), start):
        if not index:
            trainer.reset()
        agreeing = conductor.must_agree
        if not (agreeing and conductor.ended):
            calls.on_train_batch_begin(index)
        if agreeing:
            conductor.agree()
            if _is_over(trainer):
                break
        logs = step()
        conductor.stepped()
        calls.on_train_batch_end(index, logs)
        trainer.progress = (epoch, index + 1)
        if trainer.after_step is not None:
            trainer.after_step()
        if conductor.alone and _is_over(trainer):
            break
    conductor.agree()
    if index < 0 and not data.exhausted:
        raise InputError("the data gives no batches")
    return trainer.logs()


def _is_over(trainer: Trainer) -> bool:
    """Whether the epoch is to end. Raises `KeyboardInterrupt` where the run was interrupted."""
    if trainer.interrupted:
        trainer.end()
    return trainer.model.stop_training


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
        logs = run_test(trainer, data, calls, Alone())
    finally:
        calls.close()
    return logs if return_dict else in_order(logs)


def run_test(trainer: Trainer, data: Data, calls: CallbackList, exchange: Exchange) -> Logs:
    """Losses and metrics over data; those of training are kept as they are.

    Raises `KeyboardInterrupt` where the run was interrupted and its state is that of before.
    """
    with trainer.measuring_apart():
        calls.on_test_begin()
        if exchange.size > 1:
            count = shared_test(trainer, data, calls, exchange)
        else:
            count, ends = 0, not trainer.keeps_states
            for count, batch in enumerate(data.batches(), 1):
                if ends and trainer.interrupted:
                    trainer.end()
                calls.on_test_batch_begin(count - 1)
                calls.on_test_batch_end(count - 1, trainer.step(batch, training=False))
        if not count:
            raise InputError("the data gives no batches")
        logs = trainer.logs()
        calls.on_test_end(logs)
    return logs
