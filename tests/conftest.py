"""What holds for all tests."""

from __future__ import annotations

import signal

from tests.processes import pytest_cmdline_main
from tests.slowness import pytest_addoption, pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_addoption", "pytest_cmdline_main", "pytest_collection_modifyitems", "pytest_configure"]

# A shell starts what runs in the background with SIGINT ignored (`nohup`, `&`), and children inherit that: those that
# are interrupted by tests would never know.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
