"""Running a plan: threads, schedules and buffers."""
