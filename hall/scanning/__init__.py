"""Barcode and QR scanners, for whatever daemon has one: drivers, and text out of what they send."""
