"""The pages' addresses, one module for each group of people that they are for."""
