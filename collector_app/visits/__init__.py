"""What happened in the field: visits, their outcomes and appointments."""
