"""The page on a citizen's own phone: how many stand before one ticket, and nobody else's."""
