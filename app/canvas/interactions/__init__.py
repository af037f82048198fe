"""What the mouse does on the canvas: one object per interaction, with move, finish and cancel."""
