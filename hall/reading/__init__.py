"""How numbers and letters are said: one reading for announcer, kiosk and recorded speech. Pure."""
