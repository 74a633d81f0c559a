"""The collector's phone pages: today's route and the log of a visit."""
