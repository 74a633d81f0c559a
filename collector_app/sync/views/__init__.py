"""The phone's API, and the pages on which the office sees what phones sent."""
