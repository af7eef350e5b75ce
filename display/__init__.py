"""Displays of the hall: counter faces, the hall board, the voice."""
