"""One file for each kind of supplier; the settings name the one in use."""
