"""What a hall tells its province: live states, and every event of its journal exactly once."""
