"""Sweeps: one spec trained with all combinations of some settings, or with a random part of them.

`choices` reads what may vary, `variants` makes combinations, `checking` validates each, `sweep` trains those that have
no result yet, in `processes` or `on_cluster`, `folder` keeps the results, `table` shows them. A process that trains is
handed plain data and writes what `modelc train` writes.
"""
