"""The folder where the system wants programs to keep what they can make again."""

from __future__ import annotations

import os
import sys


def user_cache_folder(program: str) -> str:
    """The folder of a program in the user's cache, by the rules of the system; it need not be there yet."""
    if sys.platform == "linux":  # as platformdirs has it, which takes some milliseconds to import
        folder = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        return os.path.join(folder, program)
    import platformdirs

    return platformdirs.user_cache_dir(program, appauthor=False)
