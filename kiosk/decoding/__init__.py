"""What a scanner sends, cut and turned into text. Pure."""
