"""Estrategia: segments of the cartera, how each is treated, and experiments between treatments."""
