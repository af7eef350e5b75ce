"""What keeps pages from being served."""


class PagesDown(Exception):
    """The address cannot be served now; trying again later may help."""
