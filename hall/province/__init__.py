"""The province's own service: takes the events of all halls into PostgreSQL, once each."""
