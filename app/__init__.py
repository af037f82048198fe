"""The window: it shows an engine document and asks for edits; it computes no mathematics."""

import builtins

import shiboken6  # noqa: F401 - puts an import statement of its own in place of Python's

# With it the source of every module that is imported from now on is read and kept, to see whether it asks for methods
# in snake_case: none does here. 0.1 s of the start, and 25 to 60 MB. What remains is what makes `import *` of Qt work.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
