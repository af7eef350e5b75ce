"""What is true of all halls at this moment: from their states and events to rows. Pure."""
