"""Every operation of `keras.ops` in ONNX Runtime, against what NumPy gives for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one import batch_of, trace
from operation_cases import CASES as COMPOSED
from operation_cases import Case
from test_operation import CASES

from modelc.graph.graph import prune
from modelc.layers.operations.layer import Operation
from tests.onnx.runtime import assert_equal, exported, run


def case_id(case: Case) -> str:
    return f"{case[0]}-{','.join(f'{k}={v}' for k, v in case[2].items())}"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("case", [*CASES, *COMPOSED], ids=case_id)
def test_operation_in_onnx_runtime(case: Case) -> None:
    name, operands, arguments, expected = case
    arrays = [x if x.dtype == np.int32 else x.astype(np.float32) for x in operands if isinstance(x, np.ndarray)]
    constants = None if len(arrays) == len(operands) else [None if isinstance(x, np.ndarray) else x for x in operands]
    graph = prune(trace(Operation(name, constants, arguments), *map(batch_of, arrays)))
    wanted: list[Any] = list(expected) if isinstance(expected, list | tuple) and len(graph.outputs) > 1 else [expected]
    got = run(exported(graph, {}), arrays)
    shaped = [np.broadcast_to(np.asarray(want), y.shape).astype(y.dtype) for want, y in zip(wanted, got, strict=True)]
    assert_equal(got, shaped)
