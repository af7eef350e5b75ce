"""What carries the bytes of a bus, one file a driver, told apart by how `port` is written."""
