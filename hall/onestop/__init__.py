"""Gateway between the hall and the one-stop software: figures, procedures, look-ups."""
