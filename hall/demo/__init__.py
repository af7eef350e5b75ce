"""A hall with simulated devices, and a scripted morning in it: for demonstration and training."""
