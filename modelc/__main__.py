"""`python -m modelc`: the command `modelc`."""

from __future__ import annotations

from modelc.cli.main import main

if __name__ == "__main__":
    main()
