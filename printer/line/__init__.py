"""The line to a printer: one thread, one session, what the printer answers."""
