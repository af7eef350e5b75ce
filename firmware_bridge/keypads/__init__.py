"""Keypads without a bus: one file a driver."""
