"""A convolution of any rank by its definition in float64, and the same through the compiled kernels."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.executor import Executor
from modelc.native.engine.schedule import Step
from modelc.native.engine.threads import Team
from modelc.native.families.conv.pack import pack_bias, pack_depthwise, pack_kernel
from modelc.native.families.conv.params import Epilogue, window
from modelc.native.families.conv.steps import conv_step, depthwise_step

Three = tuple[int, int, int]
_LINEAR = Epilogue()


@dataclass(frozen=True)
class ConvCase:
    """Sizes of one convolution over (n, d, h, w, channels), unpadded."""

    batch: int = 1
    size: Three = (1, 1, 1)
    inputs: int = 1  # channels of one group
    kernel: Three = (1, 1, 1)
    outputs: int = 1  # channels of one group
    strides: Three = (1, 1, 1)
    dilation: Three = (1, 1, 1)
    groups: int = 1
    bias: bool = True
    epilogue: Epilogue = _LINEAR
    accumulate: bool = False
    margin: int = 0  # unused channels after each output pixel, to see that nothing is written there
    seed: int = 0
    fill: float | None = None  # every input, in place of random ones

    @property
    def input_size(self) -> Three:
        reach = zip(self.size, self.kernel, self.strides, self.dilation, strict=True)
        d, h, w = ((n - 1) * s + (k - 1) * r + 1 for n, k, s, r in reach)
        return d, h, w

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """x, kernel, bias and what y holds before."""
        rng = np.random.default_rng(self.seed)
        x = rng.standard_normal((self.batch, *self.input_size, self.inputs * self.groups), np.float32)
        if self.fill is not None:
            x[:] = self.fill
        kernel = rng.standard_normal((*self.kernel, self.inputs, self.outputs * self.groups), np.float32)
        bias = rng.standard_normal(self.outputs * self.groups, np.float32)
        y = rng.standard_normal((self.batch, *self.size, self.outputs * self.groups + self.margin), np.float32)
        return x, kernel, bias, y

    def windows(self, x: np.ndarray) -> dict[Three, np.ndarray]:
        """For each tap the inputs that meet it: (n, d, h, w, channels)."""
        found = {}
        for tap in product(*(range(k) for k in self.kernel)):
            cut = tuple(
                slice(t * r, t * r + (n - 1) * s + 1, s)
                for t, r, n, s in zip(tap, self.dilation, self.size, self.strides, strict=True)
            )
            found[tap] = x[(slice(None), *cut)]
        return found

    def finish(self, total: np.ndarray) -> np.ndarray:
        if self.epilogue.code == Epilogue.clip(0).code:
            return np.minimum(np.maximum(total, self.epilogue.low), self.epilogue.high)
        if self.epilogue.code == Epilogue.leaky(0).code:
            return np.where(total < 0, total * self.epilogue.low, total)
        return total


def expected_conv(case: ConvCase) -> np.ndarray:
    """The definition: a sum over taps and the group's input channels, in float64."""
    x, kernel, bias, y = (a.astype(np.float64) for a in case.arrays())
    channels = case.outputs * case.groups
    total = y[..., :channels].copy() if case.accumulate else np.zeros((case.batch, *case.size, channels))
    for tap, seen in case.windows(x).items():
        for g in range(case.groups):
            ins, outs = slice(g * case.inputs, (g + 1) * case.inputs), slice(g * case.outputs, (g + 1) * case.outputs)
            total[..., outs] += seen[..., ins] @ kernel[tap][:, outs]
    y[..., :channels] = case.finish(total + bias if case.bias else total)
    return y


def expected_depthwise(case: ConvCase) -> np.ndarray:
    """The definition with one weight per tap and channel; `groups` is the number of channels."""
    x, kernel, bias, y = (a.astype(np.float64) for a in case.arrays())
    total = sum(seen * kernel[tap][0] for tap, seen in case.windows(x).items())
    y[..., : case.groups] = case.finish(total + bias if case.bias else total)
    return y


def conv_strides(shape: tuple[int, ...], steps: Three) -> tuple[int, int, int, int]:
    _, d, h, w, c = shape
    return d * h * w * c, steps[0] * h * w * c, steps[1] * w * c, steps[2] * c


def tap_steps(case: ConvCase) -> Three:
    _, h, w = case.input_size
    pixel = case.inputs * case.groups
    return case.dilation[0] * h * w * pixel, case.dilation[1] * w * pixel, case.dilation[2] * pixel


Place = Callable[[np.ndarray], np.ndarray]


def before_unreadable_page(array: np.ndarray) -> np.ndarray:
    """A copy whose last byte is the last one of a page, and the next page may not be touched."""
    libc = ctypes.CDLL(None, use_errno=True)
    pages = -(-array.nbytes // mmap.PAGESIZE)
    area = mmap.mmap(-1, (pages + 1) * mmap.PAGESIZE)
    end = np.frombuffer(area, np.uint8).ctypes.data + pages * mmap.PAGESIZE
    assert libc.mprotect(ctypes.c_void_p(end), mmap.PAGESIZE, 0) == 0
    start = pages * mmap.PAGESIZE - array.nbytes
    copy = np.frombuffer(area, array.dtype, array.size, start).reshape(array.shape)
    copy[...] = array
    return copy


def run_step(step: Step, batch: int, arrays: list[np.ndarray], workers: Team, *, parallel: bool = False) -> None:
    """Run one step whose buffer i is array i."""
    assert Executor.of([step], workers=workers).run(batch, [a.ctypes.data for a in arrays], parallel=parallel) == 0


def conv_arrays(case: ConvCase, residual: int = 1) -> tuple[Step, list[np.ndarray]]:
    """The step and its buffers: x, y, weights, bias, table. What is added, where it accumulates, is that buffer."""
    x, kernel, bias, y = case.arrays()
    taken = window(case.kernel, tap_steps(case), case.inputs)
    step = conv_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), table=Operand(4, 0, 0),
        bias=Operand(3, 0, 0) if case.bias else ABSENT,
        window=taken, channels=case.outputs, groups=case.groups, group_stride=case.inputs,
        extents=(-1, *case.size), x_strides=conv_strides(x.shape, case.strides),
        y_strides=conv_strides(y.shape, (1, 1, 1)), epilogue=case.epilogue,
        residual=Operand(residual, 0, 0) if case.accumulate else ABSENT,
    )  # fmt: skip
    packed = [pack_kernel(kernel, case.groups), pack_bias(bias, case.groups)]
    return step, [x, y, *packed, np.array(taken.offsets, np.int64)]


def depthwise_arrays(case: ConvCase) -> tuple[Step, list[np.ndarray]]:
    """The step and its buffers: x, y, weights, bias, table."""
    x, kernel, bias, y = case.arrays()
    taps = window((*case.kernel, 2), (*tap_steps(case), 1 << 40), 1).offsets[::2]  # never merged: one a tap
    step = depthwise_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), table=Operand(4, 0, 0),
        bias=Operand(3, 0, 0) if case.bias else ABSENT,
        offsets=taps, channels=case.groups, extents=(-1, *case.size),
        row=case.kernel[2] if case.dilation[2] == 1 else 1,
        x_strides=conv_strides(x.shape, case.strides), y_strides=conv_strides(y.shape, (1, 1, 1)),
        epilogue=case.epilogue,
    )  # fmt: skip
    weights = pack_depthwise(kernel.reshape(*case.kernel, case.groups, 1))
    return step, [x, y, weights, pack_bias(bias), np.array(taps, np.int64)]


def run_conv(
    case: ConvCase, workers: Team, *, parallel: bool = False, place: Place = np.ascontiguousarray
) -> np.ndarray:
    """What the compiled kernel leaves in y."""
    step, arrays = conv_arrays(case)
    arrays = [place(a) for a in arrays]
    run_step(step, case.batch, arrays, workers, parallel=parallel)
    return arrays[1]


def run_depthwise(
    case: ConvCase, workers: Team, *, parallel: bool = False, place: Place = np.ascontiguousarray
) -> np.ndarray:
    """What the compiled kernel leaves in y."""
    step, arrays = depthwise_arrays(case)
    arrays = [place(a) for a in arrays]
    run_step(step, case.batch, arrays, workers, parallel=parallel)
    return arrays[1]
