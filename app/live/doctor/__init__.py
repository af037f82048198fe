"""The doctor's dock: what ails the network, why, and buttons that cure it while it trains."""
