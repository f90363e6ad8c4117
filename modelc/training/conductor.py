"""`Conductor`: keeps the processes of a run in step. What callbacks decide in that of rank 0 holds for all."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from modelc.files.tensors import read_exact, write_exact
from modelc.training.exchange import Exchange, broadcast

if TYPE_CHECKING:
    from modelc.callbacks.callback_list import CallbackList
    from modelc.training.trainer import Trainer

_LENGTH = np.dtype("<u8")


class Conductor:
    """Tells the other processes what callbacks changed, or is told."""

    def __init__(self, exchange: Exchange, trainer: Trainer, calls: CallbackList) -> None:
        self.exchange = exchange
        # The process of rank 0 says nothing with a step where it has no part of it. Others learn this from it.
        self._steered = 0 not in exchange.computing or calls.steers_steps
        self._trainer = trainer
        self._known: Any = None  # the state of training that all processes have; at first none

    @property
    def alone(self) -> bool:
        """Whether there is no other process."""
        return self.exchange.size == 1

    @property
    def leads(self) -> bool:
        """Whether callbacks are called, and files are written, in this process."""
        return self.exchange.rank == 0

    @property
    def ended(self) -> bool:
        """Whether the run is to end."""
        return self._trainer.interrupted or self._trainer.model.stop_training

    @property
    def must_agree(self) -> bool:
        """Whether something may have changed since the last step, on which all have to agree."""
        return not self.alone and (self._steered or self._trainer.to_agree)

    def agree(self) -> None:
        """Have all processes stop, learn by a rate, go on from a batch, and have weights, as that of rank 0 does."""
        if self.alone:
            return
        trainer = self._trainer
        model, engine = trainer.model, trainer.engine
        state = trainer.version
        rate = np.nan if engine.learning_rate is None else engine.learning_rate
        at = model.resume_from or (-1, -1)
        changed = state != self._known
        trainer.to_agree = False
        numbers = np.array([trainer.interrupted, model.stop_training, rate, *at, self._steered, changed], np.float64)
        if self.leads:
            none = np.empty(0)
            self.exchange.swap([numbers] * self.exchange.size, [none] * self.exchange.size)
        else:
            self._receive(numbers)
            interrupted, stop, rate, epoch, batch, self._steered, changed = numbers.tolist()
            trainer.interrupted, model.stop_training = bool(interrupted), bool(stop)
            engine.learning_rate = None if np.isnan(rate) else float(rate)
            model.resume_from = None if epoch < 0 else (int(epoch), int(batch))
        if changed:
            told = broadcast(self.exchange, _packed(*trainer.state()) if self.leads else None)
            if not self.leads:
                trainer.restore(*_unpacked(told))
        self._known = trainer.version

    def stepped(self) -> None:
        """Note that the weights are new in all processes alike."""
        self._known = self._trainer.version

    def _receive(self, numbers: Any) -> None:
        none = np.empty(0)
        receives = [numbers if rank == 0 else none for rank in range(self.exchange.size)]
        self.exchange.swap([none] * self.exchange.size, receives)


def _packed(arrays: dict[str, Any], numbers: dict[str, Any]) -> bytes:
    """A state of training as bytes: the length of the JSON, that, and the arrays."""
    told = json.dumps(numbers).encode()
    out = io.BytesIO()
    out.write(np.array(len(told), _LENGTH).tobytes() + told)
    write_exact(out, arrays)
    return out.getvalue()


def _unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """A state of training that was sent by the process of rank 0. Raises `FileFormatError` where it is damaged."""
    size = _LENGTH.itemsize
    end = size + int(np.frombuffer(data[:size], _LENGTH)[0])
    stream = io.BytesIO(data[end:])
    return read_exact(stream, len(data) - end, "the state of rank 0"), json.loads(data[size:end])
