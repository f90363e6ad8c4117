"""`modelc cache`: the compiled kernels that are kept on this machine."""

from __future__ import annotations

import click

from modelc.cli.colours import say


@click.group()
def command() -> None:
    """The compiled kernels that are kept for later models and processes.

    They are kept for this user alone, by the version of modelc and of the compiler and by the CPU. What was not used
    for longest is removed when they take more than the limit, which MODELC_CACHE_SIZE sets; MODELC_CACHE_DIR names
    another folder.
    """


@command.command("info")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with stable keys.")
def info_command(as_json: bool) -> None:
    """Print the folder, how many objects it holds and of what size, and the limit.

    The keys of --json: `folder`, `objects`, `bytes`, `limit`, `current` (the number of objects that this version uses
    on this machine) and `families` (the number of objects that it can use).
    """
    import json

    from modelc.kernels.catalog import FAMILIES
    from modelc.kernels.target import host
    from modelc.runtime.native import object_name
    from modelc.runtime.object_cache import ObjectCache, default_directory, default_limit
    from modelc.spec.amounts import format_bytes

    cache = ObjectCache(default_directory(), default_limit())
    objects = cache.objects()
    target = host()
    current = {object_name(family, target) for family in FAMILIES.values()} & {found.path.name for found in objects}
    size = sum(found.bytes for found in objects)
    if as_json:
        facts = {"folder": str(cache.directory), "objects": len(objects), "bytes": size, "limit": cache.limit}
        say(json.dumps(facts | {"current": len(current), "families": len(FAMILIES)}, indent=2))
        return
    say(f"folder   {cache.directory}")
    say(f"objects  {len(objects)}, {len(current)} of them of this version and CPU, of {len(FAMILIES)}")
    say(f"size     {format_bytes(size)} of at most {format_bytes(cache.limit)}")


@command.command("clear")
def clear_command() -> None:
    """Remove all of them: the next model compiles what it needs. Other files in the folder stay."""
    from modelc.runtime.object_cache import ObjectCache, default_directory

    cache = ObjectCache(default_directory())
    count = cache.clear()
    say(f"removed {count} object{'s' * (count != 1)} from {cache.directory}")
