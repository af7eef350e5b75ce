"""One colour and one picture for each service and priority, for who cannot read."""
