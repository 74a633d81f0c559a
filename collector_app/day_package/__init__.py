"""The day package: what a phone must know of a route to do without signal what the office does."""
