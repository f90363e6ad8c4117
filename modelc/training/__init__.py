"""Training: losses, metrics, optimizers and schedules, as closed vocabularies of configs."""
