"""All sections of the report, in its order."""

from __future__ import annotations

from modelc.cli.checkup.cache import cache
from modelc.cli.checkup.environment import environment
from modelc.cli.checkup.machine import machine
from modelc.cli.checkup.packages import packages
from modelc.cli.checkup.section import Section
from modelc.cli.checkup.trial import trial


def sections() -> dict[str, Section]:
    """What was found, by the names of the sections."""
    looks = {"versions": packages, "machine": machine, "cache": cache, "environment": environment, "trial": trial}
    return {name: look() for name, look in looks.items()}
