"""The reference counter unit for MicroPython; the simulated bus runs the same core."""
