"""Evaluation that is shared out: each process measures every so manieth batch, and all take in what all measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelc.callbacks.callback_list import CallbackList
from modelc.data.batches import Batch, Data
from modelc.training.exchange import Exchange, gathered

if TYPE_CHECKING:
    from modelc.training.trainer import Trainer


def shared_test(trainer: Trainer, data: Data, calls: CallbackList, exchange: Exchange) -> int:
    """Measure all batches; how many there were. They are taken in in order, as one process would.

    Where layers keep states from batch to batch, one process measures them all. Raises `KeyboardInterrupt` in all
    processes where one was asked to end the run, and its state is that of before.
    """
    ranks = [*exchange.computing]
    if trainer.keeps_states:
        ranks = ranks[:1]
    own: Iterator[Batch] = iter(())
    if exchange.rank in ranks:
        own = data.batches(0, ranks.index(exchange.rank), len(ranks))
    index = 0
    while True:
        rows = gathered(exchange, trainer.tested(next(own, None))[None], [1] * exchange.size)
        if any(row[0][-1] for row in rows) and not trainer.keeps_states:  # a process was asked to end the run
            trainer.end()
        for rank in ranks:
            calls.on_test_batch_begin(index)
            if not trainer.take(rows[rank][0]):
                return index
            calls.on_test_batch_end(index, trainer.logs())
            index += 1
