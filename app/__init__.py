"""The window: it shows an engine document and asks for edits; it computes no mathematics."""
