"""What plays the announcements: one file a driver."""
