"""The wire: what may be said on the bus, by whom, in which form. Version 1."""

MAJOR = 1
SCHEMA = 1
MAX_BYTES = 48 * 1024
