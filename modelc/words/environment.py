"""The environment variables that modelc follows."""

from __future__ import annotations

VARIABLES = {
    "MODELC_CACHE_DIR": "The folder of the cache. Default: the user's cache directory.",
    "MODELC_CACHE_SIZE": "The size limit of compiled kernels. Default: `64MB`; `0` disables the whole cache.",
    "MODELC_PLANS_SIZE": "The size limit of plans; the last 256 are kept. Default: `2GB`; `0` keeps none.",
    "MODELC_NUM_THREADS": (
        "The number of threads. Default: one per CPU available to the process, divided by the workers of its pool of "
        "processes, and at most `OMP_NUM_THREADS`."
    ),
    "MODELC_MAX_ISA": "The widest instruction set in use: `avx512` (default), `avx2` or `baseline`.",
    "MODELC_LOADER": (
        "What loads compiled kernels: `own` (default; on Linux on x86-64 without LLVM), or `llvm`, which does on other "
        "systems."
    ),
    "MODELC_WEIGHTS_DIR": "The folder of fetched weights. Default: `weights` in the folder of the cache.",
    "MODELC_MIRROR": "Where weights are downloaded from instead of storage.googleapis.com.",
}
"""Each with its meaning, in the order of the documentation."""
