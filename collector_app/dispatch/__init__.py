"""The dispatch board: a plan edited by hand, each edit with its price, then published."""
