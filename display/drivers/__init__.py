"""What carries a face, one file a driver."""
