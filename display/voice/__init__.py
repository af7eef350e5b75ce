"""The announcer."""
