"""`motcua province …` and `motcua province-demo`."""
