"""The time machine: moments of a run that one can go back to, and the branches that grow from them."""
