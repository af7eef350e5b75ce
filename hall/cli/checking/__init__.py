"""The whole YAML of a hall, read and judged: `motcua check`."""
