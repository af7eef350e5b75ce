"""The province's page: who comes in, what they are shown, over HTTP for browsers."""
