"""What each daemon stands on: bus, inbox, loop, clock, health, settings. Knows no daemon."""
