"""A child that is forked while other threads build, run and set weights can do all of that itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FORKS = int(os.environ.get("MODELC_TEST_FORKS", "12"))
"""300 by hand: a lock that is not renewed hangs one child of a few dozen."""

_CODE = """
import os, sys, threading, time
import numpy as np
import modelc

TEXT = "modelc: 1\\ninput: {shape: [4]}\\nlayers:\\n  - {type: Dense, units: 3}\\n"
model = modelc.load_spec(TEXT).build()
few, many = np.ones((8, 4), "f4"), np.ones((5000, 4), "f4")
model(few)

def work():
    modelc.load_spec(TEXT).build()(few)
    model.set_weights(model.get_weights())
    model.predict(few)
    str(model.to_spec().summary())

def busy():
    while True:
        work()

work()  # imports what it uses: Python itself does not fork well while another thread imports
for _ in range(3):
    threading.Thread(target=busy, daemon=True).start()
for number in range(int(sys.argv[1])):
    child = os.fork()
    if child == 0:
        try:
            work()
            model.predict(many, batch_size=5000)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(3)
        os._exit(0)
    end = time.monotonic() + 60
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            assert status == 0, status
            break
        if time.monotonic() > end:
            os.kill(child, 9)
            os.waitpid(child, 0)
            print("the child", number, "hangs", flush=True)
            os._exit(1)
        time.sleep(0.003)
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_children_of_a_busy_process_work() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", _CODE, str(FORKS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=580, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


_WHILE_IMPORTING = """
import importlib.abc, os, sys, threading, time
import modelc

started = threading.Event()

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == sys.argv[2]:  # what the module itself imports takes long
            started.set()
            time.sleep(0.7)

sys.meta_path.insert(0, Slow())
assert not {sys.argv[1], sys.argv[2]} & set(sys.modules), "they are imported when they are used"
importer = threading.Thread(target=__import__, args=(sys.argv[1],))
importer.start()
started.wait()
child = os.fork()
if child == 0:
    __import__(sys.argv[1])
    os._exit(0)
end = time.monotonic() + 30
while not (found := os.waitpid(child, os.WNOHANG))[0]:
    if time.monotonic() > end:
        os.kill(child, 9)
        sys.exit("the child hangs")
    time.sleep(0.01)
importer.join()
assert found[1] == 0, found
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_a_child_imports_what_another_thread_was_importing() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    modules = ["modelc.keras.read", "modelc.keras.file"]
    command = [sys.executable, "-W", "ignore", "-c", _WHILE_IMPORTING, *modules]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
