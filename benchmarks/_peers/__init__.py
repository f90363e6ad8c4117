"""The parts of `bench_peers`: models, their files, engines in processes of their own, turns and tables."""
