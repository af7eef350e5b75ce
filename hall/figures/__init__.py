"""The one-stop software's figures: percentages, how old they are, what does not add up. Pure."""
