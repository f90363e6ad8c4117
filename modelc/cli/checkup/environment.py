"""The environment variables of modelc."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from modelc.cli.checkup.section import Problem, Section, private
from modelc.errors import ModelcError
from modelc.native.compiler.object_cache import default_limit
from modelc.native.engine.plan_cache import plans_limit
from modelc.native.environment import require_environment
from modelc.text.unknown import unknown
from modelc.words.environment import VARIABLES

_PREFIX = "MODELC_"
_CREDENTIALS = re.compile(r"//[^/@]*@")


def environment() -> Section:
    """Those that are set, and the problems: a value that cannot be, and a name that is none of them."""
    found = {name: value for name, value in sorted(os.environ.items()) if name.startswith(_PREFIX)}
    shown = {name: private(_CREDENTIALS.sub("//…@", value)) for name, value in found.items()}
    return Section(shown, tuple(_problems(found)))


def _problems(found: dict[str, str]) -> Iterator[Problem]:
    for name in found:
        if name not in VARIABLES:
            message, help = unknown("environment variable", name, VARIABLES)
            yield Problem(message, help)
    for check in (require_environment, default_limit, plans_limit):
        try:
            check()
        except ModelcError as error:
            for one in error.diagnostics:
                yield Problem(one.message, one.help or "unset it")
