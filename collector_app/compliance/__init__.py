"""What we may do to whom, and when: the law as data."""
