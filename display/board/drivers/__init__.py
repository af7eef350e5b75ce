"""The glass under the board."""
