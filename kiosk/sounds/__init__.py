"""What speakers play: recorded clips, and programs run one after the other."""
