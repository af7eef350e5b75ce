"""The touch kiosk: a citizen takes a number, looks up a dossier, reads what a procedure needs."""
