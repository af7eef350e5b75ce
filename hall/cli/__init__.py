"""The `motcua` command: the only place that knows every daemon."""
