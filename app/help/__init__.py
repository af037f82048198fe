"""What the window tells about itself: pages of help, the shortcuts, the command palette, and About."""
