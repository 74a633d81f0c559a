"""The day while it runs: who is where, what came in, what somebody should look at."""
