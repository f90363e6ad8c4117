"""What to set where an architecture of the zoo gets pictures of another size."""

from __future__ import annotations

_EVEN = {3: "[[0, 1], [0, 1]]", 5: "[[1, 2], [1, 2]]"}
_ODD = {3: "[[1, 1], [1, 1]]", 5: "[[2, 2], [2, 2]]"}
_EFFICIENTNET = {"pad2": 3, "pad3": 5, "pad4": 3, "pad6": 5}
"""The paddings before a halving, in order, and the windows that they are for."""


def settings(name: str, size: int) -> list[str]:
    """Assignments that make the spec `zoo:name` what Keras builds for pictures of `size` by `size`.

    Where Keras writes out what `padding: same` would add, it depends on whether the size at that place is even.
    """
    made = [f"vars.shape=[{size}, {size}, 3]"]
    if name.startswith("efficientnet_b"):
        size = (size + 1) // 2  # the stem
        for variable, window in _EFFICIENTNET.items():
            made.append(f"vars.{variable}={(_ODD if size % 2 else _EVEN)[window]}")
            size = (size + 1) // 2
    if name.startswith("nasnet"):
        size = (size - 1) // 2
        for reduction in range(1, 5):
            made.append(f"vars.odd{reduction}={'true' if size % 2 else 'false'}")
            size = (size + 1) // 2
    return made
