"""What was said, by whom, and how far to trust it."""
