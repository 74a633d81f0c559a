"""Figures over the whole cartera, added up before somebody asks for them."""
