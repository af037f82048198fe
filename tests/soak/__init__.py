"""Thousands of random valid actions on a whole window, training for most of them: `python -m tests.soak`.

Fails where anything raises, where memory grows by more than 5 % after warming up, where the window is held up for too
long, where a thread or a timer is left, or where a document does not save, load and undo to its start.
"""
