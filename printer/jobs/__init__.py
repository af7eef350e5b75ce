"""From a press to a confirmed paper: numbers asked for, attempts journalled, papers queued."""
