"""The touch screen: drawing pages on it, reading touches, saving pictures of it."""
