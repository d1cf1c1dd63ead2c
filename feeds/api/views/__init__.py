"""Pages of cards, search, and what readers send back."""
