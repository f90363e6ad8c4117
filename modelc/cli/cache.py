"""`modelc cache`: the cache of compiled kernels."""

from __future__ import annotations

import click

from modelc.cli.colours import say
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.target import host


@click.group()
def command() -> None:
    """Inspect or clear the cache of compiled kernels.

    The cache belongs to the current user. Its entries depend on the version of modelc, the version of the compiler and
    the CPU. When the cache exceeds its size limit, the least recently used entries are removed. MODELC_CACHE_SIZE sets
    the limit (64 MB by default), MODELC_CACHE_DIR the folder.
    """


@command.command("info")
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of text.")
def info_command(as_json: bool) -> None:
    """Print the cache folder, the number of compiled objects, their total size and the size limit.

    Keys of --json: `folder`, `objects`, `bytes`, `limit`, `current` (the number of objects that this version of modelc
    uses on this CPU) and `families` (the number of kernel families, each compiled to one object).
    """
    import json

    from modelc.native.compiler.load import object_name
    from modelc.native.compiler.object_cache import ObjectCache, default_directory, default_limit
    from modelc.text.amounts import format_bytes

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
    say(f"objects  {len(objects)}, of which {len(current)} of {len(FAMILIES)} for this version and CPU")
    say(f"size     {format_bytes(size)} of at most {format_bytes(cache.limit)}")


@command.command("clear")
def clear_command() -> None:
    """Remove all compiled kernels; later models recompile those that they need. Other files in the folder stay."""
    from modelc.native.compiler.object_cache import ObjectCache, default_directory

    cache = ObjectCache(default_directory())
    count = cache.clear()
    say(f"removed {count} object{'s' * (count != 1)} from {cache.directory}")
