"""Files that PyTorch itself saves are pickles, which run code when they are opened: they are refused."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn
from zipfile import BadZipFile, ZipFile

from modelc.errors import FileFormatError
from modelc.files.regular_file import regular_file

SUFFIXES = (".pt", ".pth", ".bin", ".ckpt")

_ZIP, _PICKLE = b"PK\3\4", (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_LINES = (
    "import torch; from safetensors.torch import save_file",
    "save_file({{k: v.clone().contiguous() for k, v in torch.load({name!r}, map_location='cpu', "
    "weights_only=True).items()}}, {target!r})",
)


def is_pickle(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one that `torch.save` wrote, by its content; by its name where it is no safetensors file."""
    try:
        with open(path, "rb", opener=regular_file) as file:
            head = file.read(9)
            if head.startswith(_ZIP):
                file.seek(0)
                with ZipFile(file) as archive:
                    return any(name.rpartition("/")[2] == "data.pkl" for name in archive.namelist())
            size = os.fstat(file.fileno()).st_size
    except (OSError, BadZipFile, ValueError, NotImplementedError):
        return False
    begins_as_safetensors = head[8:] == b"{" and int.from_bytes(head[:8], "little") <= size
    return not begins_as_safetensors and (head.startswith(_PICKLE) or os.fspath(path).lower().endswith(SUFFIXES))


def refuse_pickled_parts(name: str, folder: str, parts: Sequence[str]) -> NoReturn:
    """Raise `FileFormatError`, with the two lines that make one file of them, for pickles that an index names."""
    paths = [os.path.join(folder, part) for part in parts]
    shown = repr(paths) if len(paths) <= 3 else f"glob.glob({os.path.join(folder, '*.bin')!r})"
    modules = "torch" if len(paths) <= 3 else "glob, torch"
    raise FileFormatError(
        f"`{name}` names the file `{parts[0]}`, which is a pickle, which runs code when it is opened, and is not read",
        "convert its files to one, with PyTorch and safetensors, by the two lines\n"
        f"    import {modules}; from safetensors.torch import save_file\n"
        f"    save_file({{k: v.clone().contiguous() for f in {shown} for k, v in torch.load(f, map_location='cpu', "
        "weights_only=True).items()}, 'model.safetensors')",
    )


def refuse_pickle(path: str | os.PathLike[str]) -> None:
    """Raise `FileFormatError`, with the two lines that convert it, for a file that `torch.save` wrote."""
    if is_pickle(path):
        name = os.fspath(path)
        target = os.path.splitext(os.path.basename(name))[0] + ".safetensors"
        lines = "\n    ".join(line.format(name=name, target=target) for line in _LINES)
        raise FileFormatError(
            f"`{name}` is a pickle, which runs code when it is opened, and is not read",
            f"convert it, with PyTorch and safetensors, by the two lines\n    {lines}",
        )
