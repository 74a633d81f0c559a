"""How the cartera moves: aging, roll rates, vintages, collection ratios, and what-if."""
