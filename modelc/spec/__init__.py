"""The spec language: from text to a validated `Spec`, and from there to a traced graph."""
