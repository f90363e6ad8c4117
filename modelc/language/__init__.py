"""The spec language: from text to a validated spec, and from there to a traced graph."""
