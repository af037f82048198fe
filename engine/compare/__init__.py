"""Designs set beside each other: contests in lock-step, seed fans, races of optimizers, surfaces, learning rates."""
