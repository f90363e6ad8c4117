"""The channels of MobileNets of other widths: `alpha` multiplies those of all layers."""

from __future__ import annotations

from typing import Any

Variables = dict[str, Any]
"""Values of the variables of a spec."""

_STEM = 32
_EXPANSION = 6

_V1 = (32, 64, 128, 256, 512, 1024)
_V2 = (16, 24, 32, 64, 96, 160, 320)
_V2_TOP = 1280

_V3_STEM = 16
_V3_SQUEEZE = 0.25
_V3_TOPS = {"mobilenet_v3_small": 1024, "mobilenet_v3_large": 1280}
_V3_OUTPUTS: dict[str, dict[int, int]] = {
    "mobilenet_v3_small": {0: 16, 1: 24, 3: 40, 6: 48, 8: 96},
    "mobilenet_v3_large": {0: 16, 1: 24, 3: 40, 6: 80, 10: 112, 12: 160},
}
"""The channels of the blocks' outputs, where they change: those of block 3 are those of 4 and 5, too."""
_V3_EXPANSIONS: dict[str, dict[int, float]] = {
    "mobilenet_v3_small": {1: 72 / 16, 2: 88 / 24, 3: 4, 4: 6, 6: 3, 7: 3, 8: 6, 9: 6},
    "mobilenet_v3_large": {1: 4, 2: 3, 3: 3, 4: 3, 6: 6, 7: 2.5, 8: 2.3, 10: 6, 11: 6, 13: 6},
}
"""How many times the channels of their inputs the blocks have inside, where a variable of the spec says it."""
_V3_SQUEEZED = {"mobilenet_v3_small": (3, 4, 6, 7, 8, 9), "mobilenet_v3_large": (3, 4, 10, 11, 13)}
"""The blocks whose squeezed channels are variables."""
_V3_MAY_ADD = {"mobilenet_v3_small": (6,), "mobilenet_v3_large": (0, 10)}
"""The blocks that keep height and width and may change the channels: where they do not, the input is added."""


def mobilenet(alpha: float) -> Variables:
    """The channels of MobileNet."""
    return {f"width{i}": int(width * alpha) for i, width in enumerate(_V1, 1)}


def mobilenet_v2(alpha: float) -> Variables:
    """The channels of MobileNetV2."""
    outputs = [multiple_of_8(int(width * alpha)) for width in _V2]
    stem = multiple_of_8(_STEM * alpha)
    variables = {"stem": stem, "top": multiple_of_8(_V2_TOP * alpha) if alpha > 1 else _V2_TOP}
    variables |= {f"out{i}": width for i, width in enumerate(outputs, 1)}
    variables |= {f"wide{i}": _EXPANSION * width for i, width in enumerate(outputs[:-1], 1)}
    into = {0: (stem, outputs[0]), 10: (outputs[3], outputs[4]), 16: (outputs[5], outputs[6])}
    return variables | {f"add{block}": before == after for block, (before, after) in into.items()}


def mobilenet_v3(architecture: str, alpha: float) -> Variables:
    """The channels of MobileNetV3Small or MobileNetV3Large."""
    outputs = {i: multiple_of_8(width * alpha) for i, width in _V3_OUTPUTS[architecture].items()}

    def before(block: int) -> int:
        """The channels of the input of a block."""
        return next((outputs[i] for i in reversed(outputs) if i < block), _V3_STEM)

    wide = {i: multiple_of_8(before(i) * times) for i, times in _V3_EXPANSIONS[architecture].items()}
    squeezed = {i: multiple_of_8(wide[i] * _V3_SQUEEZE) for i in _V3_SQUEEZED[architecture]}
    last = outputs[max(outputs)]
    top = _V3_TOPS[architecture]
    return {
        **{f"out{i}": width for i, width in outputs.items()},
        **{f"wide{i}": width for i, width in wide.items()},
        **{f"se{i}": width for i, width in squeezed.items()},
        **{f"add{i}": before(i) == outputs[i] for i in _V3_MAY_ADD[architecture]},
        "top_wide": multiple_of_8(_EXPANSION * last),
        "top": multiple_of_8(top * alpha) if alpha > 1 else top,
    }


def multiple_of_8(width: float) -> int:
    """The nearest multiple of 8 that is not more than a tenth below `width`, and at least 8."""
    nearest = max(8, int(width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * width else nearest
