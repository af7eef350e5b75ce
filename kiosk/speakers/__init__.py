"""How the kiosk speaks: one file a way."""
