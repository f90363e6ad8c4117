"""How models are served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServeOptions:
    """The limits of a service and how it batches. It can be pickled: worker processes get it."""

    max_batch: int = 32
    """The most samples of several requests that run together."""
    max_wait: float = 0.0
    """The seconds that a request waits for others; 0: those run together that came while the model was busy."""
    max_queue: int = 256
    """The requests of a model that may wait; more are refused with 429."""
    max_body: int = 64 * 2**20
    """The bytes that the body of a request may have, also uncompressed; more are refused with 413."""
    timeout: float = 30.0
    """The seconds that a request may take until it is answered with 504."""
    reload: float = 1.0
    """The seconds between looks at the files of the models; 0: a new file at a path is not taken up."""
