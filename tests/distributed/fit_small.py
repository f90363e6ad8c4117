"""What each process of a test of MPI runs: `fit` of small models, the digest of the weights, the history."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from modelc.distributed import MPI
from tests.training.test_micro_batches import CASES


def main() -> None:
    """Print a line for each case that is named: the case, the way of summing, the digest and the history."""
    together = MPI(bucket_bytes=256)
    for name in sys.argv[1:]:
        case = CASES[name]
        for compress in (None, "bfloat16"):
            held_out: Any = (case.x[:20], case.y[:20])
            model = case.fit(8, compress=compress, distribute=together, validation_data=held_out)
            digest = hashlib.sha256(b"".join(array.tobytes() for array in model.get_weights())).hexdigest()
            print(json.dumps([name, compress, digest, model.history.history]), flush=True)
    together.finish()


if __name__ == "__main__":
    main()
