"""Barcode and QR scanners: one file a way they are plugged in."""
