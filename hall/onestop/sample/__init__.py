"""Sample data for demo and training, marked as such: never a real dossier, never a name."""
