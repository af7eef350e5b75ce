"""The glass: what is shown on it, the fingers that touch it, pictures of it."""
