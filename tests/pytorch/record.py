"""Records what PyTorch calls the tensors of the cases, and what it computes: `python tests/pytorch/record.py`.

The tests compare with what was recorded, so that they run where PyTorch is not installed; where it is, they make sure
that it computes this.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
import torch_models
from cases import CASES, RECORDED, Case


def shapes_of(case: Case) -> dict[str, Any]:
    """The tensors of the case's model: their shapes and types."""
    tensors = case.torch_model(torch_models).state_dict()
    return {name: (list(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for name, tensor in tensors.items()}


def outputs_of(case: Case) -> Any:
    """What the case's model computes."""
    model = torch_models.filled(case.torch_model(torch_models))
    with torch.no_grad():
        return model(torch.from_numpy(np.ascontiguousarray(case.torch_inputs()))).numpy()


def main() -> None:
    RECORDED.mkdir(exist_ok=True)
    shapes = {case.name: shapes_of(case) for case in CASES}
    lines = (f"{json.dumps(name)}: {json.dumps(found, separators=(',', ':'))}" for name, found in shapes.items())
    (RECORDED / "shapes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    np.savez_compressed(RECORDED / "outputs.npz", **{case.name: outputs_of(case) for case in CASES})


if __name__ == "__main__":
    main()
