"""An interrupt ends what it meets: none is printed with a trace and forgotten, none breaks an import."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelc.system.interrupts import interrupts_told, interrupts_wait, join, taken

PROGRAM = """
import ctypes, gc, importlib, os, signal, sys, threading, time, weakref
from modelc.system.interrupts import raise_on_interrupt

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
raise_on_interrupt()
done = []

def busy(*_):
    signal.raise_signal(signal.SIGINT)
    end = time.monotonic() + 0.1
    while time.monotonic() < end:
        pass
    done.append(1)

class Holder:
    pass

class Closing:
    def __del__(self):
        busy()

{define}
try:
    {meet}
    time.sleep(20)
except KeyboardInterrupt:
    print("raised", len(done))
"""

PLACES = {
    "a destructor": ("", "Closing()", 1),
    "a function that a destructor calls": ("def call(): Closing()", "call()", 1),
    "a callback of a weak reference": ("held = Holder(); ref = weakref.ref(held, busy)", "del held", 0),
    "a callback of a C library": ("call = ctypes.CFUNCTYPE(None)(busy)", "call()", 0),
    "a callback of the collector": (
        "gc.callbacks.append(lambda *_: gc.callbacks.clear() or busy())",
        "gc.collect()",
        0,
    ),
    "an import": ("sys.path.insert(0, os.environ['FOLDER'])", "import slow; done.append(slow.whole)", 2),
    "pydantic, which builds a validator": (
        "import pydantic\nclass Own:\n    @classmethod\n"
        "    def __get_pydantic_core_schema__(cls, source, handler): busy(); return {'type': 'any'}",
        "pydantic.TypeAdapter(Own)",
        1,
    ),
    "plain code": ("", "busy()", 0),
}
"""What is defined, what meets the interrupt, and how much of it is done: what would be cut short is, where Python can
raise what cuts it."""


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals of POSIX")
@pytest.mark.parametrize("place", PLACES)
def test_it_is_raised_where_it_is_not_lost(place: str, tmp_path: Path) -> None:
    define, meet, count = PLACES[place]
    (tmp_path / "slow.py").write_text("from __main__ import busy\nbusy()\nwhole = True\n")
    program = PROGRAM.format(define=define, meet=meet)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True,
        env={"FOLDER": str(tmp_path)},
    )  # fmt: skip
    assert (ran.stderr, ran.stdout) == ("", f"raised {count}\n")


def test_others_that_cannot_be_raised_are_told_as_before() -> None:
    program = (
        "from modelc.system.interrupts import raise_on_interrupt\nraise_on_interrupt()\n"
        "class Closing:\n    def __del__(self): raise ValueError('of its own')\nClosing()"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "ValueError: of its own" in ran.stderr


def test_what_an_interrupt_has_left_half_made_is_not_told() -> None:
    """As of a `ZipFile` whose `__init__` was interrupted: its destructor asks for what is not there."""
    program = (
        "import signal\nfrom modelc.system.interrupts import raise_on_interrupt\nraise_on_interrupt()\n"
        "class Half:\n    def __init__(self): signal.raise_signal(signal.SIGINT); self.whole = True\n"
        "    def __del__(self): self.whole\n"
        "try: Half()\nexcept KeyboardInterrupt: print('raised')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert (ran.stdout, ran.stderr) == ("raised\n", "")


def test_it_waits_for_the_end_of_a_block() -> None:
    steps = []
    with pytest.raises(KeyboardInterrupt):
        with interrupts_wait():
            signal.raise_signal(signal.SIGINT)
            steps.append("inside")
        steps.append("after")
    assert steps == ["inside"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_waits_where_the_block_fails() -> None:
    with pytest.raises(KeyboardInterrupt) as raised, interrupts_wait():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("of the block")
    assert isinstance(raised.value.__context__, ValueError)


def test_it_is_told_to_a_function_in_the_main_thread_alone() -> None:
    told = []
    with interrupts_told(lambda: told.append(1)):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert told == [1, 1]

    def elsewhere() -> None:
        with interrupts_told(lambda: told.append(2)):
            told.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert told == [1, 1, signal.default_int_handler]


def test_one_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_told(lambda: pytest.fail("it is ignored")), interrupts_wait():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals of POSIX")
@pytest.mark.parametrize(
    "wait",
    [
        lambda thread, results: join(thread),
        lambda thread, results: taken(results),
    ],
    ids=["join", "taken"],
)
def test_a_wait_sees_a_signal_that_does_not_end_its_system_call(
    wait: Callable[[threading.Thread, queue.SimpleQueue[bool]], Any],
) -> None:
    """As where it comes just before that call. Here it is another thread that the system gives the signal to."""
    came, results, seen = threading.Event(), queue.SimpleQueue[bool](), []

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.kill(os.getpid(), signal.SIGINT)
        seen.append(came.wait(20))
        results.put(True)

    thread = threading.Thread(target=work, daemon=True)
    with interrupts_told(came.set):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            thread.start()
            wait(thread, results)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    assert seen == [True]
