"""A seller's standing: from dated facts, by the policy's table. Start at counting.py."""
