"""The canvas: boxes, wires and what the mouse and the keyboard do with them."""
