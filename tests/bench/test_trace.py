"""Traces are JSON of Chrome's format, whose events lie in each other as calls, steps and chunks do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.errors import InputError, OverwriteError, StorageError

TEXT = """
modelc: 1
name: traced
input: {shape: [64, 64, 32]}
layers:
  - {type: Conv2D, filters: 64, kernel_size: 3, name: first}
  - {type: Conv2D, filters: 64, kernel_size: 3, name: second}
  - {type: GlobalAveragePooling2D, name: means}
"""


def _trace(text: str, path: Path, **options: Any) -> list[dict[str, Any]]:
    modelc.load_spec(text).build().bench(seconds=0.01, trace=path, **options)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["otherData"]["producer"] == "modelc"
    return document["traceEvents"]


def _require_nested(events: list[dict[str, Any]]) -> None:
    """Events of a thread lie in each other or apart: as a viewer stacks them."""
    for thread in {event["tid"] for event in events if event["ph"] == "X"}:
        stack: list[int] = []
        before = 0
        of_thread = [event for event in events if event["ph"] == "X" and event["tid"] == thread]
        for event in sorted(of_thread, key=lambda event: (event["ts"], -event["dur"])):
            begin, end = _span(event)
            assert 0 <= before <= begin <= end
            before = begin
            while stack and stack[-1] <= begin:
                stack.pop()
            assert not stack or end <= stack[-1]
            stack.append(end)


def _span(event: dict[str, Any]) -> tuple[int, int]:
    """Begin and end in whole nanoseconds, as a viewer has them."""
    begin = round(1000 * event["ts"])
    return begin, begin + round(1000 * event["dur"])


@pytest.mark.parametrize("threads", [1, 2])
def test_steps_lie_in_calls_and_chunks_in_steps(tmp_path: Path, threads: int) -> None:
    events = _trace(TEXT, tmp_path / "t.json", threads=threads, batch_size=1)  # no slices: each step once
    _require_nested(events)
    calls = [event for event in events if event.get("cat") == "call"]
    assert [call["name"] for call in calls] == ["call 1", "call 2", "call 3"]
    steps = [event for event in events if event.get("cat") == "step"]
    shares: list[float] = []
    for call in calls:
        inside = [step for step in steps if call["ts"] <= step["ts"] <= call["ts"] + call["dur"]]
        assert list(dict.fromkeys(step["name"] for step in inside)) == ["first", "second", "means"]
        assert [step["args"]["step"] for step in inside] == list(range(len(inside)))
        shares.append(sum(step["dur"] for step in inside if step["name"] != "means") / call["dur"])
    # Convolutions of 64·62²·9·32 multiply-adds are nearly all of a call that no other process interrupts.
    assert 0.5 < max(shares) <= 1
    assert any(step["args"]["shape"] == [None, 60, 60, 64] for step in steps)
    chunks = [event for event in events if event.get("cat") == "chunk"]
    for chunk in chunks:
        assert any(
            _span(step)[0] <= _span(chunk)[0] and _span(chunk)[1] <= _span(step)[1]
            for step in steps
            if step["args"]["step"] == chunk["args"]["step"] and step["name"] == chunk["args"]["layer"]
        )
    names = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
    assert names[calls[0]["tid"]] == "MainThread"
    assert set(names) == {event["tid"] for event in events if event["ph"] == "X"}
    assert all(name == "MainThread" or name.startswith("modelc-") for name in names.values())


def test_loops_are_told_turn_by_turn(tmp_path: Path) -> None:
    text = "modelc: 1\ninput: {shape: [20, 4]}\nlayers: [{type: LSTM, units: 4, activation: softmax}]"
    events = _trace(text, tmp_path / "t.json")
    _require_nested(events)
    steps = [event for event in events if event.get("cat") == "step"]
    turns = Counter(step["args"]["step"] for step in steps)
    assert set(turns.values()) == {3, 60}
    for step, count in turns.items():
        told = [event["args"]["turn"] for event in steps if event["args"]["step"] == step]
        assert told == [*range(1, count // 3 + 1)] * 3


def test_a_file_of_another_kind_is_kept(tmp_path: Path) -> None:
    model = modelc.load_spec(TEXT).build()
    path = tmp_path / "notes.json"
    path.write_text("[]")
    with pytest.raises(OverwriteError, match="is not overwritten by a trace"):
        model.bench(trace=path)
    assert path.read_text() == "[]"
    model.bench(seconds=0.01, trace=path, force=True)
    model.bench(seconds=0.01, trace=path)
    with pytest.raises(StorageError, match="no folder"):
        model.bench(trace=tmp_path / "none" / "t.json")
    with pytest.raises(InputError, match="native"):
        modelc.load_spec(TEXT).build(backend="reference").bench(trace=path)
