"""Pages for browsers on a network: who may connect, for how long, what a request must have."""
