"""Pages of the administrator: people, tokens, and what failed."""
