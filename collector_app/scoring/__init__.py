"""What visits have taught about whom it is worth to visit, and who is not to be scored."""
