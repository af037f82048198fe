"""Why this number? One example's way through the network and back, with the formulas and their numbers."""
