"""The space as a layer sees it, live."""
