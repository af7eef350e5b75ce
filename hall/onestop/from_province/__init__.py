"""A hall's end of the line to its province's gateway: what is asked there, and what comes down."""
