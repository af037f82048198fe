"""The Compare view: runs in a list, and pages that show them together."""
