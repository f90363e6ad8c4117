"""docs/api: which public name stands on which page. The site fills in signatures and docstrings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from types import FunctionType

from layer_pages import family_of
from stubs import PACKAGES

import modelc
from modelc.applications import MODULES, NAMES
from modelc.applications.signatures import signature_of
from modelc.config.registry import Registry
from modelc.data import SOURCES
from modelc.layers import LAYERS

_SECTIONS = {
    "Reading": ("load_spec", "load", "import_weights"),
    "Models": ("Spec", "Model", "Sequential", "Input"),
    "Files and pages": ("predict_files", "view"),
}
"""Where the names of `modelc` stand that are neither errors nor modules; those that are not here come last."""
_FURTHER = {
    "Comparing": ("modelc.report.diff.compare", "modelc.pages.side_by_side"),
    "Serving": ("modelc.serve.app.create_app",),
}
"""Public names elsewhere, which the other pages use."""
_LISTED = ("utils", "sklearn", "distributed")
"""Packages whose public names are those of their `__all__`."""
_WHOLE = frozenset({"Spec", "Model", "Sequential", "Callback"})
"""Classes whose methods are shown: of the others, options and docstring say all."""
_OF_IMAGENET = ("preprocess_input", "decode_predictions")


def api_pages() -> dict[str, str]:
    """The pages by name."""
    pages = {"modelc": _modelc(), "errors": _errors(), "applications": _applications(), "data": _data()}
    pages |= {name: _listed(name) for name in _LISTED}
    for package, about in PACKAGES.items():
        pages[package.replace("/", "-")] = _registry(package, about.title, about.registry, about.more)
    return {"index": _index(pages)} | pages


def _index(pages: dict[str, str]) -> str:
    rows = [
        f"| [`{_module(name)}`]({name}.md) | {', '.join(f'`{one}`' for one in _shown(text))} |"
        for name, text in pages.items()
    ]
    return "\n".join([
        "# Python API\n",
        "All public names, with signatures and docstrings. [Python](../python.md) introduces them, and what is not "
        "here is private: it may change without notice.\n",
        "| module | names |\n|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def _module(page: str) -> str:
    return "modelc" if page in ("modelc", "errors") else f"modelc.{page.replace('-', '.')}"


def _shown(page: str) -> list[str]:
    """The names that a page shows, without the modules that they are in."""
    lines = page.splitlines()
    shown = [line.removeprefix("::: ").rpartition(".")[2] for line in lines if line.startswith("::: ")]
    return [*(line.split("`")[1].partition("(")[0] for line in lines if line.startswith("| `")), *shown]


def _modelc() -> str:
    sections = {title: [f"modelc.{name}" for name in names] for title, names in _SECTIONS.items()}
    sections |= {"More": [f"modelc.{name}" for name in _unplaced() if callable(getattr(modelc, name))]}
    sections["More"] = [name for name in sections["More"] if not name.rpartition(".")[2][0].isupper()]
    return "\n".join(["# modelc\n", *_sections(sections | {t: list(names) for t, names in _FURTHER.items()})])


def _unplaced() -> list[str]:
    placed = {name for names in _SECTIONS.values() for name in names}
    return [name for name in modelc.__all__ if name not in placed]


def _listed(package: str) -> str:
    """The page of a package that says its public names in `__all__`."""
    module = import_module(f"modelc.{package}")
    docs = (module.__doc__ or "").strip()
    return "\n".join(
        [f"# modelc.{package}\n", f"{docs}\n", *(_directive(f"modelc.{package}.{n}") for n in module.__all__)]
    )


def _errors() -> str:
    errors = [name for name in _unplaced() if name[0].isupper()]
    about = "[When each of them is raised](../python.md#errors), and [the codes of diagnostics](../diagnostics.md).\n"
    return "\n".join(["# Errors\n", about, *(_directive(f"modelc.{name}") for name in errors)])


def _applications() -> str:
    rows = [f"| `{name}{signature_of(architecture)}` | `zoo:{architecture}` |" for name, architecture in NAMES.items()]
    utilities = [f"modelc.applications.imagenet_utils.{name}" for name in _OF_IMAGENET]
    return "\n".join([
        "# modelc.applications\n",
        "The architectures of `keras.applications`, called as in Keras, and the specs of [the zoo](../zoo.md) that "
        "they build. They also take the keywords of `application`, below.\n",
        "| function | spec |\n|---|---|",
        *rows,
        "",
        "## What all of them do\n",
        _directive("modelc.applications.build.application"),
        "## Pictures and labels\n",
        f"The modules {', '.join(f'`{name}`' for name in MODULES)} hold these two, as Keras's do.\n",
        *map(_directive, utilities),
    ])  # fmt: skip


def _data() -> str:
    docs = import_module("modelc.data").__doc__ or ""
    sources = [f"{SOURCES[name].__module__}.{name}" for name in SOURCES.names]
    return "\n".join(["# modelc.data\n", docs.strip() + "\n", *map(_directive, [*sources, "modelc.data.pictures"])])


def _registry(package: str, title: str, registry: Registry[object], more: Sequence[str]) -> str:
    module = f"modelc.{package.replace('/', '.')}"
    names = [f"{module}.{name}" for name in registry.names]
    package_itself = import_module(module)
    further = [n for n in more if isinstance(getattr(package_itself, n.rpartition(".")[2], None), type | FunctionType)]
    sections: dict[str, list[str]] = {}
    for name in names:
        sections.setdefault(family_of(name.rpartition(".")[2]) if registry is LAYERS else "", []).append(name)
    reference = "../regularizers.md" if package == "constraints" else f"../{package.partition('/')[0]}.md"
    return "\n".join([
        f"# {module}\n",
        f"{title}, as classes. [The same as in specs]({reference}), with ranges of options and examples.\n",
        *_sections(sections),
        *(["## In Python only\n", *(_directive(f"{module}.{name.rpartition('.')[2]}") for name in further)]
          if further else []),
    ])  # fmt: skip


def _sections(sections: dict[str, list[str]]) -> Iterator[str]:
    for title, names in sections.items():
        if title:
            yield f"## {title}\n"
        yield from map(_directive, names)


def _directive(name: str) -> str:
    """What mkdocstrings replaces by the documentation of a name."""
    last = name.rpartition(".")[2]
    return f"::: {name}\n" + ("    options: {members: true}\n" if last in _WHOLE else "")
