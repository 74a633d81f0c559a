"""What supervisors look at; owns no table."""
