"""What the kiosk knows and which page is up: one value, one step function, no screen. Pure."""
