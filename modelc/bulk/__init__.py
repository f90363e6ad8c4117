"""Predictions in bulk: samples are read in chunks, computed, and written, however many there are.

`reading` turns files into chunks, `run` chunks into results, `writing` results into files. They know nothing of each
other: a part of a source can be sent to another process and read there.
"""
