"""`Monitor`: the base of callbacks that monitor one of the logs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import PrivateAttr

from modelc.callbacks.callback import ConfigCallback
from modelc.errors import Diagnostic, SpecError

Mode = Literal["auto", "min", "max"]


class Monitor(ConfigCallback):
    """Base of callbacks that monitor one of the logs. Lower is better with mode `min`, higher with `max`.

    With `auto`, lower is better for a loss; for a metric of the model, its own direction.
    """

    is_base = True

    monitor: str = "val_loss"
    """The name of the monitored log: `loss` or a metric such as `accuracy`; with the prefix `val_`, on the validation
    data."""
    mode: Mode = "auto"
    """Whether lower (`min`) or higher (`max`) values are better; `auto` uses lower for losses and the metric's own
    direction for metrics."""

    _best: float | None = PrivateAttr(None)
    _sign: float | None = PrivateAttr(None)

    @property
    def watched(self) -> str | None:
        """The name in the logs that it looks at; None where it looks at none."""
        return self.monitor

    @property
    def best(self) -> float | None:
        """The best value so far."""
        return self._best

    def improves(self, value: float, reference: float | None, min_delta: float = 0.0) -> bool:
        """Whether `value` is better than `reference` by more than `min_delta`; anything is better than None."""
        if self._sign is None:
            self._sign = self._find_sign()
        if reference is None:
            return True
        # A NaN is no better than anything.
        return value - min_delta > reference if self._sign > 0 else value + min_delta < reference

    def check_mode(self) -> None:
        """Raise `SpecError` where it cannot be known which way is better."""
        if self._sign is None:
            self._sign = self._find_sign()

    def _find_sign(self) -> float:
        if self.mode != "auto":
            return 1.0 if self.mode == "max" else -1.0
        name = self.monitor.removeprefix("val_")
        if name == "loss":
            return -1.0
        direction = self.model.metric_directions.get(name)
        if direction is not None:
            return 1.0 if direction == "up" else -1.0
        what = f"it is not known whether a higher or a lower `{self.monitor}` is better"
        help = "add `mode: max` or `mode: min`"
        raise SpecError(Diagnostic("E204", what, help, type(self).__name__))

    def state_numbers(self) -> dict[str, Any]:
        """The best value, for a checkpoint."""
        return {"best": self._best}
