"""What `modelc doctor` looks at: the machine, the packages, the cache, the environment, and a small model that runs."""
