"""What is wrong with a hall, where, and what to do: `motcua doctor|support-bundle`."""
