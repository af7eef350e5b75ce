"""What a ticket looks like: blocks, rows, dots and the bytes that print them."""
