"""The routes of the day: problem, plan, publication."""
