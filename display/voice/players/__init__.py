"""What makes a sound."""
