"""Every serial and RS-485 bus of the hall: keypads in, faces out. Decides nothing about a queue."""
