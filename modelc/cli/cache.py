"""`modelc cache`: the cache of compiled kernels and of plans."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from modelc.cli.cache_contents import cache_contents
from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.progress import compiling
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.load import load_all
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.pack import USUAL_LEVELS, pack
from modelc.native.compiler.packaged import FOLDER
from modelc.native.compiler.private_cache import default_directory
from modelc.native.engine.plan_cache import NoteCache, PlanCache
from modelc.native.environment import require_environment
from modelc.native.levels import LEVELS
from modelc.report.check_cache import CheckCache, cache_directory
from modelc.text.amounts import format_bytes


@click.group()
def command() -> None:
    """Inspect, fill or clear the cache of compiled kernels and of plans.

    A wheel of modelc brings the kernels for most CPUs, so that nothing is compiled; what it lacks is compiled where it
    is needed, and kept in the cache. The cache belongs to the current user. Its entries depend on the version of
    modelc, the version of the compiler and the CPU. A plan is what an artifact was compiled to, with its weights as the
    kernels read them: with it, loading the artifact takes no longer than reading it. When kernels or plans exceed their
    size limit, the least recently used entries are removed. MODELC_CACHE_SIZE sets the limit of kernels (64 MB by
    default), MODELC_PLANS_SIZE that of plans (2 GB), MODELC_CACHE_DIR the folder.
    """


@command.command(
    "info",
    cls=ExampleCommand,
    examples={
        "modelc cache info": "the folder of the cache, and what is in it",
    },
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of text.")
def info_command(as_json: bool) -> None:
    """Print the cache folder, the number of compiled objects and of plans, their total sizes and the size limits, and
    the number of kernels that the package brings.

    Keys of --json: `folder`, `objects`, `bytes`, `limit`, `current` (the number of objects that this version of modelc
    uses on this CPU), `families` (the number of kernel families, each compiled to one object), `packaged` (the number
    of objects that the package brings for this CPU), `level` (the level of CPUs that they are for, null where this CPU
    has none), and `plans`, `plan_bytes` and `plan_limit`.
    """
    import json

    found = cache_contents()
    if as_json:
        say(json.dumps(asdict(found), indent=2))
        return
    say(f"folder   {found.folder}")
    say(f"objects  {found.objects}, of which {found.current} of {found.families} for this version and CPU")
    say(f"size     {format_bytes(found.bytes)} of at most {format_bytes(found.limit)}")
    say(f"package  {found.packaged} of {found.families} for {found.level or 'this CPU'}")
    say(f"plans    {found.plans}, {format_bytes(found.plan_bytes)} of at most {format_bytes(found.plan_limit)}")


@command.command(
    "warm",
    cls=ExampleCommand,
    examples={
        "modelc cache warm model.modelc": "make all that a model needs to start at once",
        "modelc cache warm": "compile all kernels",
    },
)
@click.argument("models", metavar="[ARTIFACT|SPEC]...", nargs=-1)
def warm_command(models: tuple[str, ...]) -> None:
    """Fill the cache, as for a container image: compile what models need, and keep the plans of artifacts.

    Without an argument, all kernels that the package does not bring are compiled, also those that only training needs.
    The weights of a spec are not read. Set MODELC_NUM_THREADS as it will be: a plan depends on the number of threads.
    """
    from modelc.cli.opening import open_spec
    from modelc.cli.options import ViewOptions
    from modelc.files.signatures import is_artifact
    from modelc.model.build import build
    from modelc.model.opening import load_artifact

    require_environment()
    with compiling() as counter:
        if not models:
            load_all(FAMILIES, counter)
        for model in models:
            if is_artifact(model):
                load_artifact(model, on_compile=counter)
            else:
                build(open_spec(model, ViewOptions()).without_weight_files(), on_compile=counter)
    say(f"compiled {_families(len(counter.families))} in {counter.seconds:.1f} s")


@command.command(
    "pack",
    cls=ExampleCommand,
    examples={
        "modelc cache pack": "the kernels for a wheel, for the usual CPUs",
        "modelc cache pack --target x86-64-v2 -o kernels": "those for older CPUs, in another folder",
    },
)
@click.option(
    "--target", "levels", multiple=True, type=click.Choice([*LEVELS]),
    help=f"The level of CPUs, and again for another. Default: {', '.join(USUAL_LEVELS)}.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="DIR", help="The folder of the kernels. Default: that of the package itself, for a wheel."
)
def pack_command(levels: tuple[str, ...], output: str | None) -> None:
    """Compile all kernels for levels of CPUs, as files of the package: for those who build a wheel of modelc.

    Where a package has them, for the CPU, the version of its sources and that of the compiler, nothing is compiled.
    They are for Linux. Kernels that were packed before with the same version of numba are replaced.
    """
    require_environment()
    folder = Path(output or FOLDER)
    if not folder.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder {folder.parent}")
    with compiling() as counter:
        for level in dict.fromkeys(levels or USUAL_LEVELS):
            sizes = pack(folder, level, counter).values()
            say(f"packed {_families(len(sizes))} for {level}: {format_bytes(sum(sizes))}")


@command.command(
    "clear",
    cls=ExampleCommand,
    examples={
        "modelc cache clear": "remove all that the cache holds",
    },
)
def clear_command() -> None:
    """Remove all compiled kernels, plans and results of checks; later models make what they need.

    The kernels that the package brings stay, and so do other files in the folder.
    """
    directory = default_directory()
    objects, plans = ObjectCache(directory).clear(), PlanCache(directory).clear()
    NoteCache(directory).clear()
    CheckCache(cache_directory(), 0).clear()
    say(f"removed {objects} object{'s' * (objects != 1)} and {plans} plan{'s' * (plans != 1)} from {directory}")


def _families(count: int) -> str:
    return f"{count} kernel famil{'y' if count == 1 else 'ies'}"
