"""`Measurable`: a model that says how fast it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from modelc.bench.benchmark import Benchmark
    from modelc.model.model import Model


class Measurable:
    """Latency, throughput and memory of a model."""

    def bench(
        self,
        *,
        batch_size: int | None = None,
        threads: int | None = None,
        seconds: float = 2.0,
        sizes: Mapping[str, int] | None = None,
        profile: bool = False,
        trace: str | os.PathLike[str] | None = None,
        force: bool = False,
        compare: Mapping[str, str | os.PathLike[str] | None] | None = None,
    ) -> Benchmark:
        """Measure the model on random samples: `print(model.bench())`.

        `batch_size` is by default the one that the model fixes, else 1; `threads` those of the process; `sizes` gives
        free sizes, which by default have their `max`. Calls are repeated for `seconds`. With `profile` steps are timed
        for as long as well. To `trace` a trace of some calls is written, for https://ui.perfetto.dev. `compare` names
        other runtimes, which are timed in turns with it: `{"onnxruntime": None, "openvino": None}` on the ONNX file
        that the model is saved as, or each on a file of the same model, `{"onnxruntime": "m.onnx"}`. All calls of the
        process use so many threads meanwhile. Raises `SpecError` for arguments that
        cannot be, `InputError` for those that do not fit the model, and `OverwriteError` where `trace` is a file of
        another kind, unless `force`.
        """
        from modelc.model.measuring import Conditions, measured

        conditions = Conditions(batch_size, threads, seconds, sizes, profile, trace, force, compare)
        model = cast("Model", self)
        return measured(model, model.face, conditions)
