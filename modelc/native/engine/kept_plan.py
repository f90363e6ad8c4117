"""A plan as bytes: the words of its steps, the constants that they read, and the names of the kernels that they call;
of a plan for any sizes also the worksheet that fills its words.

A file begins with a head: its version, the length of its description, and a digest of all that follows up to the packed
constants: the description, the words and the plan's own tables. The packed constants come last, on pages of their own.
They may be larger than all the rest by far, and are mapped, not read: their digest is in the description, and is held
against them unless the caller knows that the file is as it was written.
"""

from __future__ import annotations

import json
import mmap
import os
from array import array
from collections.abc import Sequence
from hashlib import sha256
from io import BufferedReader
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Value
from modelc.graph.size_data import shape_data, shape_of_data, sizes_data, sizes_of_data
from modelc.graph.types import TensorType
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load_all, load_objects, object_names
from modelc.native.engine.buffers import Block, address_of
from modelc.native.engine.constant_blocks import FixedConstants
from modelc.native.engine.executor import Executor, StepPlaces, StepWords
from modelc.native.engine.memory_sizes import ALIGNMENT, MemorySizes
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.engine.schedule import ROW
from modelc.native.engine.worksheet import REGISTERS, Calculation

VERSION = b"modelc plan 2".ljust(15) + b"\n"
_WORD = 8
_DIGEST = sha256().digest_size
_HEAD = len(VERSION) + _WORD + _DIGEST
_PAGE = 4096
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
    steps = plan.lowered.steps
    kernels = sorted({step.kernel for step in steps})
    own, shared = (constants.current() for constants in plan.constants)
    words, table, numbers = _open_words(plan) if isinstance(plan, OpenPlan) else _plan_words(plan)
    rows = table + ROW.size * np.arange(len(steps), dtype=np.int64)
    words[rows + _KERNEL] = [kernels.index(step.kernel) for step in steps]
    families = [*map(family_of, kernels), "walker", *(["worksheet"] if isinstance(plan, OpenPlan) else [])]
    description: dict[str, Any] = {
        "face": _described(traced), "kernels": kernels, "objects": object_names(families),
        "words": len(words), "table": table, "steps": len(steps),
        "own": own.size, "shared": shared.size, "sha256": sha256(shared.bytes).hexdigest(),
        **numbers,
    }  # fmt: skip
    text = json.dumps(description).encode()
    body: list[Buffer] = [text]
    for part in (words.data, own.bytes):
        body += [_up_to(ALIGNMENT, _length(body)), part]
    body.append(_up_to(_PAGE, _length(body)))
    digest = sha256()
    for part in body:
        digest.update(part)
    head = [VERSION, len(text).to_bytes(_WORD, "little"), digest.digest()]
    return [*head, *body, shared.bytes]


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
    head = file.read(_HEAD)
    length = int.from_bytes(head[len(VERSION) : -_DIGEST], "little")
    if not head.startswith(VERSION) or not 0 < length <= min(size, _MOST_DESCRIPTION):
        return None
    digest = sha256()
    text = file.read(length)
    digest.update(text)
    told: dict[str, Any] = json.loads(text)
    count, own_bytes, shared_bytes = told["words"], told["own"], told["shared"]
    if not (0 <= count <= _MOST_WORDS and 0 <= own_bytes <= size and 0 <= shared_bytes <= size):
        return None
    before = _HEAD + length

    def block(size: int) -> Block:
        nonlocal before
        gap = len(_up_to(ALIGNMENT, before))
        digest.update(file.read(gap))
        made = _block(file, size)
        digest.update(made.bytes)
        before += gap + size
        return made

    steps, own = block(_WORD * count), block(own_bytes)
    gap = _up_to(_PAGE, before)
    digest.update(file.read(len(gap)))
    if digest.digest() != head[-_DIGEST:] or size != before + len(gap) + shared_bytes:
        return None
    shared = _mapped(file, before + len(gap), shared_bytes)
    if not is_whole and sha256(shared.bytes).hexdigest() != told["sha256"]:
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


def _length(body: Sequence[Buffer]) -> int:
    """Where what follows the head and these begins."""
    return _HEAD + sum(memoryview(part).nbytes for part in body)


def _mapped(file: BufferedReader, offset: int, size: int) -> Block:
    """Bytes of a file in the memory that the system has of it, which all processes share."""
    if not size:
        return Block.of(0)
    whole = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    memory = np.frombuffer(whole, np.uint8, size, offset)
    return Block(memory, address_of(memory), size)


def _up_to(multiple: int, size: int) -> bytes:
    """The zeros that are missing to a multiple."""
    return bytes(-size % multiple)


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
