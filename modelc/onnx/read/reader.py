"""`OnnxReader`: reads the nodes of an ONNX graph by their rules: they become layers, or known data."""

from __future__ import annotations

from typing import Any, cast

from modelc.errors import ModelcError, ShapeError, SpecError, UnsupportedError
from modelc.onnx.read.fold import Folder
from modelc.onnx.read.graph import OnnxGraph, OnnxNode
from modelc.onnx.read.table import READINGS, MixesSamplesError, RefusedError, reason_against
from modelc.onnx.read.tensors import TEXT
from modelc.onnx.read.values import Flow, Known, Value
from modelc.onnx.read.writing import ModelWriter
from modelc.sources.refs import Array, has_open
from modelc.text.quoting import quote


class OnnxReader(ModelWriter):
    """Reads one graph. `batch` says whether axis 0 of the model's tensors stands for an axis of the ONNX tensors."""

    def __init__(self, graph: OnnxGraph, *, batch: bool, batch_size: int | None) -> None:
        super().__init__()
        self.graph = graph
        self.opset = graph.opset
        self.batch = batch
        self.batch_size = batch_size
        """The number of samples that the file fixes, which the spec leaves free."""
        self.values: dict[str, Value] = {}
        self.node = OnnxNode("", [], [])
        self._folder = Folder(self)
        self.labels: dict[str, tuple[str, ...]] = {}
        """The names of classes by the tensor that is about them: text, which is no tensor here, or probabilities."""
        self._take_constants(graph)

    def _take_constants(self, graph: OnnxGraph) -> None:
        for name, (array, dtype) in graph.constants.items():
            if dtype == TEXT:
                self.labels[name] = tuple(array.ravel().tolist())
            else:
                self.values[name] = Known(array, dtype, name)

    # --- nodes

    def run(self) -> None:
        """Read all nodes. Raises `UnsupportedError` for the first one that modelc does not have."""
        for node in self.graph.nodes:
            self.read(node)

    def read(self, node: OnnxNode) -> None:
        """Read one node: its outputs become known."""
        self.node, self.tensor = node, next(filter(None, node.outputs), "")
        text = next(
            (self.labels[name] for name in node.inputs if name not in self.values and name in self.labels), None
        )
        if text is not None:  # what is made of names of classes is names of classes
            self.labels.update((name, text) for name in node.outputs if name)
            return
        try:
            made = self.given(node)
        except MixesSamplesError as error:
            raise error.at(node.label) from None
        except RefusedError as error:
            raise UnsupportedError(f"{node.label}: {error.reason}", error.help) from None
        except SpecError as error:
            raise self._misfit(node, error.diagnostics[0].message, error.diagnostics[0].help) from None
        except ShapeError as error:
            raise self._misfit(node, str(error), None) from None
        except UnsupportedError as error:
            raise error if str(error).startswith("the ONNX node") else self._misfit(node, str(error), None) from None
        except ModelcError:
            raise
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError, AssertionError):
            # Rules do not check the kinds of all operands and attributes: what breaks ONNX's definitions ends here.
            raise UnsupportedError(f"{node.label}: its operands or attributes are malformed") from None
        outputs = made if isinstance(made, tuple) else (made,)
        for name, value in zip(node.outputs, outputs, strict=False):
            if name:
                self.values[name] = value
        missing = next((name for name in node.outputs[len(outputs) :] if name and self.is_read(name)), None)
        if missing is not None:
            raise UnsupportedError(f"{node.label}: its output `{missing[:80]}` is not supported")

    def is_read(self, tensor: str) -> bool:
        """Whether a node or the graph takes a tensor."""
        return bool(self.graph.readers(tensor)) or any(one.name == tensor for one in self.graph.outputs)

    @staticmethod
    def _misfit(node: OnnxNode, message: str, help: str | None) -> UnsupportedError:
        return UnsupportedError(f"{node.label}: {message}", help)

    def given(self, node: OnnxNode) -> Value | tuple[Value, ...]:
        """What a node gives: by its rule, or at once where all its operands are known."""
        own = node.domain in ("", "modelc") and "." not in node.op
        reading = READINGS.get(node.op if own else f"{node.domain}.{node.op}")
        if reading is None:
            raise RefusedError(f"the operator is not supported: {reason_against(node.op, node.domain)}")
        operands = [self.values[name] if name else None for name in node.inputs]
        around = any(isinstance(value, OnnxGraph) for value in node.attributes.values())  # its graphs read more tensors
        if around or any(isinstance(operand, Flow) for operand in operands):
            return reading.read(self, node)
        return self._folder.fold(reading, node, cast("list[Known | None]", operands))

    # --- operands of the node that is being read

    def value(self, index: int) -> Value | None:
        """An operand in whatever layout; None where it is left out."""
        name = self.node.inputs[index] if index < len(self.node.inputs) else ""
        return self.values[name] if name else None

    def operand(self, index: int) -> Value | None:
        """An operand, each of whose axes is one axis of the model's tensor; None where it is left out."""
        value = self.value(index)
        return self.in_order(value) if isinstance(value, Flow) else value

    def flow(self, index: int = 0, *, merged: bool = False) -> Flow:
        """An operand that is a tensor of the model. With `merged` its axes may be products of several."""
        value = self.value(index)
        if value is None:
            raise RefusedError(f"its operand {index} is left out")
        if isinstance(value, Known):
            told = quote(value.name) if value.name else "a constant"
            raise RefusedError(f"it takes {told} where modelc takes a tensor only")
        return value if merged else self.in_order(value)

    def known(self, index: int, what: str) -> Known | None:
        """An operand that must be known, called `what` in the refusal; None where it is left out."""
        value = self.operand(index)
        if isinstance(value, Flow):
            raise NeedsConstantError(self.node.inputs[index], what)
        return value

    def array(self, index: int, what: str) -> Array:
        """The numbers of an operand that must be known and there."""
        value = self.known(index, what)
        if value is None:
            raise RefusedError(f"its operand {index}, the {what}, is left out")
        if has_open(value.array):
            raise RefusedError(f"the {what} depends on a size that is free")
        return value.array

    def integers(self, index: int, attribute: str, default: Any = None) -> list[Any] | Any:
        """Integers that are an operand in newer versions and an attribute in older ones."""
        value = self.known(index, attribute)
        if value is not None:
            return list(value.array.ravel().tolist())
        found = self.node.get(attribute, default)
        return list(cast("list[int]", found)) if isinstance(found, list) else found

    def axis(self, axis: int, rank: int) -> int:
        """An axis of an ONNX tensor, counted from 0."""
        if not -rank <= axis < rank:
            raise RefusedError(f"it has the axis {axis}, and its tensor {rank} axes")
        return axis % rank

    def sample_axis(self, x: Flow, axis: int) -> int:
        """The axis of the model's tensor that an axis of the ONNX tensor is, none of which may be the batch."""
        at = x.places[self.axis(axis, x.rank)]
        assert isinstance(at, int)
        if at == 0:
            raise MixesSamplesError("it works along the axis that is the batch")
        return at

    def follower(self, *operators: str) -> OnnxNode | None:
        """The node that alone reads what the present one gives, if it is of one of these operators."""
        node = self.graph.only_reader(self.node.outputs[0])
        return node if node is not None and node.op in operators else None

    def inside(self, graph: OnnxGraph) -> tuple[Value, ...]:
        """Read the nodes of a branch, which may read tensors from around it; what it gives."""
        outer_graph, outer_node, outer_tensor = self.graph, self.node, self.tensor
        self._take_constants(graph)
        self.graph = graph
        try:
            for node in graph.nodes:
                missing = next((name for name in node.inputs if name and name not in self.values), None)
                if missing is not None:
                    raise RefusedError(f"its branch takes `{missing[:80]}`, which nothing gives")
                self.read(node)
        finally:
            self.graph, self.node, self.tensor = outer_graph, outer_node, outer_tensor
        return tuple(self.values[one.name] for one in graph.outputs)


class NeedsConstantError(RefusedError):
    """A node whose operand must be known, and is a tensor of the model."""

    def __init__(self, tensor: str, what: str) -> None:
        super().__init__(
            f"the {what} (`{tensor[:80]}`) depends on the model's inputs, and modelc takes a constant there"
        )
        self.tensor = tensor
