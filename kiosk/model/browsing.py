"""How a citizen finds a procedure: letters go into the query, the list starts at its top. Pure."""

from dataclasses import replace

from kiosk.model.pages import Procedures

LONGEST = 40


def typed(page: Procedures, letter: str) -> Procedures:
    query = (page.query + letter.lower())[:LONGEST]
    return replace(page, query=query.lstrip(), offset=0.0)
