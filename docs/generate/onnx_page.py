"""docs/onnx.md: how models become ONNX files, the operators of each op and function, and those that are read."""

from __future__ import annotations

import importlib
import pkgutil

import onnx

import modelc.onnx.export.rules.index
import modelc.onnx.read.operators.index
import modelc.ops
from modelc.functions.table import BINARY, UNARY
from modelc.onnx.export.functions import BINARY_ROWS, COMPARISONS, row_of, unary
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.package import LARGEST_OPSET, LEAST_OPSET, USUAL_OPSET
from modelc.onnx.read.file import LARGEST_READ, LEAST_READ
from modelc.onnx.read.table import DEFINED, READINGS, OnnxReading, reason_against
from modelc.onnx.table import RULES, CannotSayError
from modelc.ops.base import Op
from modelc.ops.constant import Constant
from modelc.ops.fourier import Fourier, MelScale

assert modelc.onnx.export.rules.index.__doc__  # importing it has declared the rules
assert modelc.onnx.read.operators.index.__doc__

_INTRODUCTION = f"""# ONNX

A model becomes an ONNX file, which ONNX Runtime, OpenVINO and others run. No framework is needed:

```bash
modelc export --format onnx digits.modelc
modelc export --format onnx zoo:mobilenet_v2 -o mobilenet.onnx --opset 20
modelc export --format onnx photo.keras --half
```

In Python: `model.save("digits.onnx")`, or `model.export_onnx("digits.onnx", opset=20, half=True)`. It needs the package
onnx, which `pip install 'modelc[onnx]'` adds. The input is a spec, an artifact or a file of Keras.

- **Inputs and outputs** have the names, shapes and dtypes of the model: channels last. Their batch is the free size
  `batch`, and other [free sizes](free-sizes.md) keep their names: one file for all of them. Where a model has other
  operators for some sizes, the command says for which sizes the file holds.
- **Layout.** ONNX's convolutions have channels first. Kernels are reordered at export; between convolutions nothing is
  transposed. What is left is a transpose at the input, and one where a layer needs its elements in order. A Dense
  layer after a Flatten has its rows reordered instead.
- **Operators.** Batch normalization is a part of the convolution before it. LSTM, GRU and SimpleRNN are ONNX's `LSTM`,
  `GRU` and `RNN`; with masks, or with activations that these do not have, they are a `Scan`, and so are ConvLSTM and
  other loops.
- **Names.** A node is called after the layer: `conv2d/Conv`. Labels and preprocessing are kept as metadata.
- **States** of `stateful` layers are further inputs, and outputs called `…/next` to be given to the next call.
- **`--opset`**, {LEAST_OPSET} to {LARGEST_OPSET}, is the version of ONNX's operators; {USUAL_OPSET} unless said.
- **`--half`** stores weights and computes in float16; inputs and outputs stay float32. What a runtime cannot
  compute so, it computes in float32.
- **Large models.** Weights of more than 2 GB are written beside the file, as `NAME.onnx.safetensors`;
  `--weights-beside` does so for any model. Both files belong together.
- **Random numbers** that layers draw with `training: true` are drawn by the runtime: other ones at every call, from the
  same distributions.
- The same model gives the same bytes. A layer that cannot be said is refused with its line.

## Reading

An ONNX file is a model like a Keras file: every command takes it, and `import` writes it as a spec with its weights.

```bash
modelc export --format onnx zoo:resnet50 -o resnet50.onnx
modelc import resnet50.onnx -o resnet50.yaml --weights-out resnet50.safetensors
modelc summary resnet50.onnx | tail -n 4
```

In Python: `modelc.load_spec("resnet50.onnx")` to change the model, freeze or train it, `modelc.load("resnet50.onnx")`
to run it. It needs the package onnx, and no runtime.

- **Layers** are written where nodes are such: a convolution with its pads, bias and activation is one `Conv2D`,
  `LSTM` with its three matrices one `LSTM`. Patterns that exporters write for one function become it again: silu,
  gelu, mish, layer and group normalization. Other nodes become [operations](keras-ops.md); large constants among
  their operands are weights. Names are those of modules and nodes, where the program that wrote the file did not make
  them up.
- **Layout.** A picture (N, C, H, W) has its channels last in the spec, and so have the model's inputs and outputs; a
  note says which. `--keep-layout` leaves the order of axes of these as it is in the file. In between nothing is
  transposed: transposes and reshapes are followed through the graph, and written only where an operator needs the
  elements in another order. A matrix behind a flattened picture has its rows reordered instead.
- **The batch** is the first axis of all inputs, or the one whose size is called so, and stays free, also where the
  file fixes it. In a file that mixes what lies along this axis, every array is one sample: a note says so, and calls
  add an axis in front.
- **Free sizes** keep their names. What is computed from sizes of tensors is known while the file is read.
- **Numbers** are computed as float32, integers as int32. Weights of float16, bfloat16 and float64 are converted.
- **Untrusted files.** Nothing is executed. Files of numbers have to lie in the folder of the model or below, without
  symbolic links; sizes are checked before memory is allocated; functions and graphs are nested within bounds, and no
  constant grows beyond its parts without one.
- What is not read is refused with the node's name and the reason.

## Ops

Each op of the graph that layers are made of, and the operators that it is written with. What depends on weights alone
is computed at export.
"""

_ABOUT_REFUSED = """
These are not written: gradients, and what only training does.
"""


def onnx_page() -> str:
    """The page."""
    rows = sorted((rule.op.__name__, rule) for rule in RULES.values())
    ops = [f"| `{name}` | {_listed(rule.operators)} | {rule.note} |" for name, rule in rows]
    functions = [f"| `{name}` | {_function(name)} |" for name in sorted({*UNARY, *BINARY})]
    computed = {Constant, Fourier, MelScale}
    refused = sorted(op.__name__ for op in _all_ops() - RULES.keys() - computed)
    return "\n".join([
        _INTRODUCTION, "| op | operators | |", "|---|---|---|", *ops, "", "## Functions", "",
        "Elementwise, at the usual opset and the default parameters.", "", "| function | operators |", "|---|---|",
        *functions, "", "## Refused", _ABOUT_REFUSED, ", ".join(f"`{name}`" for name in refused) + ".", "",
        *_read(),
    ])  # fmt: skip


_ABOUT_READ = f"""## Operators that are read

Of ONNX's versions {LEAST_READ} to {LARGEST_READ}. Data that is known while the file is read, such as shapes and what is
computed of weights alone, is computed then. Layers of several sizes are written with their number of axes, as Conv2D.
A sequence of operators that is one layer of modelc becomes that layer.

| operator | becomes | |
|---|---|---|"""

_ABOUT_DEFINED = """
These are read as the operators that ONNX defines them by, where it does so for their options:
"""


def _read() -> list[str]:
    """Each operator of ONNX: how it is read, or why it is not."""
    schemas = onnx.defs.get_all_schemas()
    names = sorted({one.name for one in schemas if one.domain == ""} | {name for name in READINGS if name != "Silu"})
    rows = [f"| `{name}` | {_becomes(READINGS[name])} | {READINGS[name].note} |" for name in names if name in READINGS]
    refused = [f"| `{name}` | {reason_against(name, '')} |" for name in names
               if name not in READINGS and name not in DEFINED]  # fmt: skip
    return [
        _ABOUT_READ, *rows, _ABOUT_DEFINED, ", ".join(f"`{name}`" for name in DEFINED) + ".", "",
        "## Operators that are not read", "", "| operator | why |", "|---|---|", *refused, "",
    ]  # fmt: skip


def _becomes(reading: OnnxReading) -> str:
    names = [name for name in reading.becomes if name]
    return ", ".join(f"`{name}`" for name in names) if names else "(nothing, or data)"


def _function(name: str) -> str:
    try:
        return _listed(_operators(name))
    except CannotSayError:
        return "refused"


def _listed(operators: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" if name != "…" else name for name in operators) or "(none: it is its input)"


def _operators(function: str) -> list[str]:
    w = OnnxWriter((), (), USUAL_OPSET)
    if function in COMPARISONS:
        operator, turned = COMPARISONS[function]
        return [operator, *(["Not"] if turned else []), "Cast"]
    if function in BINARY:
        row_of(BINARY_ROWS, function)(w, "a", "b")
    else:
        row = UNARY[function]
        parameters = tuple(1.0 if p.default is None else p.default for p in row.parameters)
        unary(w, function, parameters, "x")
    operators = list(dict.fromkeys(node.op_type for node in w.nodes))
    return [*operators, "PRelu"] if function == "prelu" else operators


def _all_ops() -> set[type[Op]]:
    for module in pkgutil.iter_modules(modelc.ops.__path__):
        importlib.import_module(f"modelc.ops.{module.name}")
    return {op for op in Op.__subclasses__() if op.portable and op.__module__.startswith("modelc.ops.")}
