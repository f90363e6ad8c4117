"""The command line, for tests of sweeps."""

from tests.cli.conftest import run

__all__ = ["run"]
