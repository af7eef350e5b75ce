"""What the head of the hall is shown: figures of days, who did what, what to see to now."""
