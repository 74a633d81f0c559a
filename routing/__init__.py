"""Optimised, explainable day routes over real streets; knows nothing of Flask or the database."""
