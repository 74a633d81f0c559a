"""How fast the streets really are, learnt from the collectors' own trips."""
