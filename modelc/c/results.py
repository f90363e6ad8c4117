"""What the functions of a library return."""

from __future__ import annotations

from enum import IntEnum


class Result(IntEnum):
    """The results by the name that the header gives them, behind the library's own."""

    OK = 0
    NOT_READY = 1
    WRONG_BATCH = 2
    WRONG_INDEX = 3
    WRONG_SIZE = 4
    WRONG_ALIGNMENT = 5
    WRONG_WEIGHTS = 6
    DAMAGED_WEIGHTS = 7
    NO_THREADS = 8


MEANINGS = {
    Result.OK: "All is well.",
    Result.NOT_READY: "Weights are needed first.",
    Result.WRONG_BATCH: "The batch is too large, or not the one that the model fixes; nothing was written.",
    Result.WRONG_INDEX: "An input has an index outside of the table that it looks up; the outputs are undefined.",
    Result.WRONG_SIZE: "The weights have another size than those of this library.",
    Result.WRONG_ALIGNMENT: "The weights do not begin at a multiple of 64 bytes.",
    Result.WRONG_WEIGHTS: "The weights are of another model, another target or another version of modelc.",
    Result.DAMAGED_WEIGHTS: "The weights are not those that were written: their checksum is wrong.",
    Result.NO_THREADS: "No thread could be started: calls run on the thread that makes them.",
}
