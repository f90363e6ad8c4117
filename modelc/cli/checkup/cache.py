"""The cache of kernels and plans, and the kernels that come with the package."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator

from modelc.cli.cache_contents import cache_contents
from modelc.cli.checkup.section import Problem, Section, private
from modelc.errors import ModelcError
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.private_cache import default_directory
from modelc.native.engine.plan_cache import PlanCache
from modelc.system.file_access import is_of_another, is_own
from modelc.text.quoting import quote


def cache() -> Section:
    """The facts, and the problems: a folder that cannot be written, or that others may write."""
    folder = default_directory()
    try:
        found = cache_contents()
    except (ModelcError, ValueError):  # which the environment tells
        return Section({"folder": private(folder)})
    problems = tuple(_problems(folder)) if found.limit else ()
    facts = {
        "folder": private(folder),
        "writable": not problems and bool(found.limit),
        "objects": found.objects,
        "bytes": found.bytes,
        "limit": found.limit,
        "plans": found.plans,
        "plan_bytes": found.plan_bytes,
        "plan_limit": found.plan_limit,
        "families": found.families,
        "families_in_the_cache": found.current,
        "families_in_the_package": found.packaged,
    }
    return Section(facts, problems)


def _problems(folder: str) -> Iterator[Problem]:
    """What keeps modelc from using its folder, which is made if it is not there, as by whatever is kept first."""
    shown = private(folder)
    try:
        if not os.path.lexists(folder):
            os.makedirs(folder, mode=0o700)
        status = os.lstat(folder)
    except OSError as error:
        yield Problem(f"the folder {shown} cannot be made: {error.strerror or error}", _ELSEWHERE)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield Problem(f"{shown} is not a folder, so that nothing is kept", f"remove it, or {_ELSEWHERE}")
        return
    if not is_own(status):
        of_others = is_of_another(status)
        why = "belongs to another user" if of_others else "may be written by others"
        fix = _ELSEWHERE if of_others else f"`chmod 700 {shown}`"
        yield Problem(f"the folder {shown} {why}, so that nothing is kept or loaded", fix)
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            unsafe = [entry.name for entry in os.scandir(folder) if _is_kept(entry) and not is_own(entry.stat())]
    except OSError as error:
        yield Problem(f"nothing can be kept in {shown}: {error.strerror or error}", _ELSEWHERE)
        return
    if unsafe:
        count = f"{len(unsafe)} file{'s' * (len(unsafe) != 1)} in {shown}, such as {quote(unsafe[0])},"
        yield Problem(f"{count} may be written by others, and are not loaded", "`modelc cache clear`")


_ELSEWHERE = "set MODELC_CACHE_DIR to a folder of your own"


def _is_kept(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith((ObjectCache.SUFFIX, PlanCache.SUFFIX)) and entry.is_file(follow_symlinks=False)
