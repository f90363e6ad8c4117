"""A plan as bytes: the words of its steps, the constants that they read, and the names of the kernels that they call;
of a plan for any sizes also the worksheet that fills its words.

A file begins with a head on a page of its own: its version, the sizes of what follows, and a digest of the body. Then
come the packed constants, and behind them the body: the description, the words and the plan's own tables. The constants
may be larger than all the rest by far, and are mapped, not read: their digest is in the description, and is held
against them unless the caller knows that the file is as it was written. They come first, as they can be written in
their place before the rest is known (`plan_draft.py`).
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Sequence
from hashlib import sha256
from io import BufferedReader
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Value
from modelc.graph.size_data import shape_data, shape_of_data, sizes_data, sizes_of_data
from modelc.graph.types import TensorType
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load_all, load_objects, object_names
from modelc.native.engine.buffers import Block, BlockFile, address_of
from modelc.native.engine.constant_blocks import FixedConstants
from modelc.native.engine.executor import Executor, StepPlaces, StepWords
from modelc.native.engine.memory_sizes import ALIGNMENT, MemorySizes
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.engine.schedule import ROW
from modelc.system.file_maps import map_to_read

if TYPE_CHECKING:
    from modelc.native.engine.open_plan import OpenPlan

VERSION = b"modelc plan 3".ljust(15) + b"\n"
_WORD = 8
_DIGEST = sha256().digest_size
_HEAD = len(VERSION) + 2 * _WORD + _DIGEST
CONSTANTS = 4096
"""Where the packed constants begin."""
_PIECE = 1 << 25
"""The bytes of constants that are looked at, before they need not be in memory any longer."""
_MOST_DESCRIPTION, _MOST_WORDS = 1 << 20, 1 << 24
_KERNEL, _PARAMS = ROW.start("kernel"), ROW.start("params")

Buffer = Any
"""Something that bytes can be read of."""


class _Words(NamedTuple):
    """The words of a plan as a file holds them."""

    words: NDArray[np.int64]
    """Those of its steps first. In its rows a kernel is its place among the names."""
    table: int
    """The word at which the rows begin."""
    numbers: dict[str, Any]
    """What else is known of the plan, by name."""


def parts_of(plan: Plan | OpenPlan, traced: Graph) -> list[Buffer]:
    """What a file of a plan holds, whose graph `traced` is before any pass."""
    body, shared = body_of(plan, traced), plan.constants[1].current()
    return [head_of(body, shared.size), shared.bytes, *body]


def head_of(body: Sequence[Buffer], constants: int) -> bytes:
    """The head of a file with this body and so many bytes of packed constants, on a page of its own."""
    sizes = len(body[_TEXT]).to_bytes(_WORD, "little") + constants.to_bytes(_WORD, "little")
    digest = sha256(sizes)
    for part in body:
        digest.update(part)
    return (VERSION + sizes + digest.digest()).ljust(CONSTANTS, b"\0")


def body_of(plan: Plan | OpenPlan, traced: Graph) -> list[Buffer]:
    """What a file holds behind the packed constants, first what is missing to an aligned place."""
    steps = plan.lowered.steps
    kernels = sorted({step.kernel for step in steps})
    own, shared = (constants.current() for constants in plan.constants)
    words, table, numbers = _plan_words(plan) if isinstance(plan, Plan) else _open_words(plan)
    rows = table + ROW.size * np.arange(len(steps), dtype=np.int64)
    words[rows + _KERNEL] = [kernels.index(step.kernel) for step in steps]
    families = [*map(family_of, kernels), "walker", *([] if isinstance(plan, Plan) else ["worksheet"])]
    description: dict[str, Any] = {
        "face": _described(traced), "kernels": kernels, "objects": object_names(families),
        "words": len(words), "table": table, "steps": len(steps), "own": own.size, "sha256": _digest_of(shared),
        **numbers,
    }  # fmt: skip
    text = json.dumps(description).encode()
    body: list[Buffer] = [_up_to_aligned(shared.size), text]
    for part in (words.data, own.bytes):
        body += [_up_to_aligned(sum(memoryview(part).nbytes for part in body[_TEXT:])), part]
    return body


_TEXT = 1
"""The place of the description in a body."""


def _digest_of(block: Block) -> str:
    """The digest of constants."""
    digest = sha256()
    for start in range(0, block.size, _PIECE):
        digest.update(block.bytes[start : start + _PIECE])
        block.give_back()
    return digest.hexdigest()


def _plan_words(plan: Plan) -> _Words:
    step_words = StepWords.of(plan.lowered.steps)
    words, places = np.array(step_words.words, np.int64), step_words.behind(0)
    rows = places.table + ROW.size * np.arange(places.count, dtype=np.int64)
    words[rows + _PARAMS] = [start for _, start in places.addresses]
    numbers = {
        "memory": list(plan.memory.sizes), "work": plan.work, "around": plan.around,
        "results": [value.type.dims for value in plan.graph.results],
    }  # fmt: skip
    return _Words(words, places.table, numbers)


def _open_words(plan: OpenPlan) -> _Words:
    from modelc.native.engine.worksheet import REGISTERS  # deferred: most plans have none

    start, first, program = plan.sheet.start, plan.sheet.first, plan.sheet.program
    words = np.array([*start[first:], *start[REGISTERS:first], *program], np.int64)
    numbers = {
        "told": plan.told, "ranks": plan.ranks, "symbols": plan.symbols, "at_once": plan.at_once,
        "registers": first - REGISTERS, "program": len(program),
    }  # fmt: skip
    return _Words(words, plan.steps.table, numbers)


def read_plan(file: BufferedReader, is_whole: bool) -> tuple[Graph, Plan | OpenPlan] | None:
    """The plan in a file, and its graph's inputs and outputs; None where it is damaged or a kernel is not there.

    `is_whole` says that the packed constants are known to be those which were written.
    """
    size = os.fstat(file.fileno()).st_size
    try:
        return _read(file, size, is_whole)
    except (OSError, EOFError, ValueError, TypeError, LookupError, RecursionError):  # it is not what modelc writes
        return None


def _read(file: BufferedReader, size: int, is_whole: bool) -> tuple[Graph, Plan | OpenPlan] | None:
    page = file.read(CONSTANTS)
    head = page[:_HEAD]
    sizes = head[len(VERSION) : -_DIGEST]
    length, constants = (int.from_bytes(part, "little") for part in (sizes[:_WORD], sizes[_WORD:]))
    if (
        not head.startswith(VERSION)
        or any(page[_HEAD:])
        or not (0 < length <= min(size, _MOST_DESCRIPTION) and constants <= size)
    ):
        return None
    digest = sha256(sizes)
    file.seek(CONSTANTS + constants)
    gap = file.read(len(_up_to_aligned(constants)))
    text = file.read(length)
    digest.update(gap)
    digest.update(text)
    told: dict[str, Any] = json.loads(text)
    count, own_bytes = told["words"], told["own"]
    if not (0 <= count <= _MOST_WORDS and 0 <= own_bytes <= size):
        return None
    before = length

    def block(size: int) -> Block:
        nonlocal before
        gap = len(_up_to_aligned(before))
        digest.update(file.read(gap))
        made = _block(file, size)
        digest.update(made.bytes)
        before += gap + size
        return made

    steps, own = block(_WORD * count), block(own_bytes)
    if digest.digest() != head[-_DIGEST:] or size != CONSTANTS + constants + len(gap) + before:
        return None
    shared = mapped_constants(file.fileno(), constants)
    if not is_whole and _digest_of(shared) != told["sha256"]:
        return None
    if not load_objects(told["objects"]):
        return None
    face = _face(told["face"])
    form = PlanForm(face, None, FixedConstants(shared), [])
    made = _open_plan(steps, form, told) if "program" in told else _plan(steps, form, own, told)
    return None if made is None else (face, made)


def _plan(steps: Block, form: PlanForm, own: Block, told: dict[str, Any]) -> Plan | None:
    table, count, words = told["table"], told["steps"], steps.words
    if not 0 <= table <= table + ROW.size * count == told["words"]:
        return None
    _name_kernels(words, told)
    rows = table + ROW.size * np.arange(count, dtype=np.int64)
    starts = words[rows + _PARAMS]
    if count and not (starts.min() >= 0 and starts.max() <= _WORD * table):
        return None
    words[rows + _PARAMS] = starts + steps.address
    executor = Executor(steps, StepPlaces(table, count, []))
    memory, results = MemorySizes(*told["memory"]), [tuple(shape) for shape in told["results"]]
    return Plan(form, executor, memory, tuple(told["work"]), tuple(told["around"]), results, FixedConstants(own))


def _open_plan(steps: Block, form: PlanForm, told: dict[str, Any]) -> OpenPlan | None:
    from modelc.native.engine.open_plan import OpenPlan  # deferred: most plans are none
    from modelc.native.engine.worksheet import Calculation

    table, count, words = told["table"], told["steps"], steps.words
    program = told["words"] - told["program"]
    registers = program - told["registers"]
    if not 0 <= table <= table + ROW.size * count == registers <= program <= told["words"]:
        return None
    _name_kernels(words, told)
    parts = [array("q", part.tobytes()) for part in np.split(words, [registers, program])]
    sheet = Calculation.of(parts[2], parts[1], parts[0])
    places = StepPlaces(table, count, [])
    return OpenPlan(form, sheet, places, told["told"], told["ranks"], told["symbols"], told["at_once"])


def _name_kernels(words: NDArray[np.int64], told: dict[str, Any]) -> None:
    """Put the addresses of kernels into rows that have their places among the names."""
    known = {kernel: a for family in load_all(told["objects"]).values() for kernel, a in family.items()}
    rows = told["table"] + ROW.size * np.arange(told["steps"], dtype=np.int64)
    words[rows + _KERNEL] = np.array([known[name] for name in told["kernels"]], np.int64)[words[rows + _KERNEL]]


def _block(file: BufferedReader, size: int) -> Block:
    """The next bytes of a file in memory of their own."""
    made = Block.of(size)
    if file.readinto(made.bytes) != size:
        raise EOFError
    return made


def mapped_constants(descriptor: int, size: int) -> Block:
    """The packed constants of a file in the memory that the system has of it, which all processes share."""
    if not size:
        return Block.of(0)
    whole = map_to_read(descriptor, CONSTANTS + size)
    memory = np.frombuffer(whole, np.uint8, size, CONSTANTS)
    return Block(memory, address_of(memory), size, BlockFile(whole))


def _up_to_aligned(size: int) -> bytes:
    """The zeros that are missing to the alignment of words."""
    return bytes(-size % ALIGNMENT)


def _described(graph: Graph) -> dict[str, Any]:
    """The inputs and outputs of a graph as plain data."""
    return {
        "name": graph.name,
        "inputs": [_type_of(value) for value in graph.inputs],
        "outputs": [_type_of(value) for value in graph.outputs],
        "input_names": graph.input_names, "input_dtypes": graph.input_dtypes, "output_names": graph.output_names,
        "output_keys": graph.output_keys, "batch_size": graph.batch_size,
        "sizes": None if graph.free_sizes is None else sizes_data(graph.free_sizes),
    }  # fmt: skip


def _type_of(value: Value) -> tuple[str, list[Any]]:
    return value.type.dtype, shape_data(value.type.shape)


def _face(told: dict[str, Any]) -> Graph:
    """A graph's inputs and outputs, without what is between them."""
    sizes = None if told["sizes"] is None else sizes_of_data(told["sizes"])
    return Graph(
        name=told["name"],
        inputs=tuple(_value(dtype, shape, sizes) for dtype, shape in told["inputs"]),
        weights=(),
        nodes=(),
        outputs=tuple(_value(dtype, shape, sizes) for dtype, shape in told["outputs"]),
        output_names=tuple(told["output_names"]),
        input_dtypes=tuple(told["input_dtypes"]),
        input_names=tuple(told["input_names"]),
        batch_size=told["batch_size"],
        output_keys=tuple(told["output_keys"]),
        free_sizes=sizes,
    )


def _value(dtype: Any, shape: Sequence[Any], sizes: FreeSizes | None) -> Value:
    return Value(TensorType(shape_of_data(shape, sizes), dtype))
