"""What shows a counter's face: one file a driver."""
