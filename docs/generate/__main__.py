"""Write what follows from what modelc itself knows: its pydantic models, diagnostics and commands.

These are the reference pages of docs/, and the stubs that tell editors how layers and the like are called.

    python docs/generate            write them
    python docs/generate --check    say which differ from what would be written, and exit with 1 if one does

`tests/test_docs.py` runs the second.
"""

from __future__ import annotations

import sys
from pathlib import Path

from commands import cli_page
from diagnostics import diagnostics_page
from keras_page import keras_layers_page
from layer_pages import layers_page
from operations_page import keras_ops_page
from option_pages import activations_page, initializers_page, regularizers_page
from semantics_page import semantics_page
from stubs import PACKAGES, stub
from training_pages import callbacks_page, keys_page, losses_page, metrics_page, optimizers_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "layers.md": layers_page,
    "keras-layers.md": keras_layers_page,
    "keras-ops.md": keras_ops_page,
    "semantics.md": semantics_page,
    "activations.md": activations_page,
    "initializers.md": initializers_page,
    "regularizers.md": regularizers_page,
    "training-keys.md": keys_page,
    "optimizers.md": optimizers_page,
    "losses.md": losses_page,
    "metrics.md": metrics_page,
    "callbacks.md": callbacks_page,
    "diagnostics.md": diagnostics_page,
    "cli.md": cli_page,
}
NOTE = "<!-- Made by `python docs/generate`: change the code that it describes, then run that again. -->\n\n"


def main(arguments: list[str]) -> int:
    """Write or check the pages; the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    made = {f"docs/{name}": NOTE + make() for name, make in PAGES.items()}
    made |= {f"modelc/{package}/__init__.pyi": stub(package) for package in PACKAGES}
    stale: list[str] = []
    for name, text in made.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not arguments:
                path.write_text(text, encoding="utf-8")
    done = "out of date" if arguments else "written"
    print("\n".join(f"{name}: {done}" for name in stale) or "all pages are up to date")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
