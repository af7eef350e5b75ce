"""The daemon that owns the queue: commit, then publish, then answer."""
