"""What shows the board: one file a driver."""
