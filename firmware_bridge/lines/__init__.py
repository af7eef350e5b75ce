"""What carries bytes: serial ports, TCP converters, GPIO pins, and simulated ones beside them."""
