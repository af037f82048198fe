"""The bar below everything: moments of the training to travel to, and the branches that have grown from them."""

from __future__ import annotations

from typing import Final

HEIGHT: Final = 48  # px, of the bar
