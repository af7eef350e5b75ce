"""Bytes of the wire, pure: no port, no clock, no thread."""
