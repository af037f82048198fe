"""The bar below everything: moments of the training to travel to, and the branches that have grown from them."""
