"""Staff pages over HTTP: the clerk's call page, and the hall page for demo and training."""
