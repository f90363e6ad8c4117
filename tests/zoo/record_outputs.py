"""Record what Keras gives for the cases of `outputs.py`, into `outputs.npz`.

Run with Keras installed, from the root of the repository: `python -m tests.zoo.record_outputs`.
"""

from __future__ import annotations

import numpy as np

from tests.zoo.keras_side import keras_outputs, keras_transfer
from tests.zoo.outputs import CASES, RECORD, stored
from tests.zoo.rule import Array


def main() -> None:
    """Run every case and write the file."""
    arrays: dict[str, Array] = {}
    for name, case in CASES.items():
        features, logits = keras_outputs(case, case.pictures())[0]
        arrays[f"{name}/features"], arrays[f"{name}/logits"] = stored(features), stored(logits)
        print(f"{name}: the largest are {np.abs(features).max():.3g} and {np.abs(logits).max():.3g}", flush=True)
    arrays["transfer"] = keras_transfer().ravel()
    np.savez_compressed(RECORD, **arrays)


if __name__ == "__main__":
    main()
