"""The hall: shared ground, the queue's core and the daemons without hardware."""

VERSION = "0.1.0"
