"""The one-stop side of a whole province: one connection to the software, for every hall's bus."""
