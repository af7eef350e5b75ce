"""Who comes in: which browsers are paired, who signs in at them, what each may do."""
