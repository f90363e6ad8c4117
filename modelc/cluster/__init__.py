"""Work on a Dask cluster: bulk prediction, and whatever else consists of tasks that are independent of each other.

`connecting` finds or starts a cluster, `tasks` keeps some tasks in flight and no more, `artifacts` brings a model to
each worker once, `prediction` and `folder` write predictions chunk by chunk, `arrays` predicts arrays and data frames
of Dask. Extra `dask`.
"""
