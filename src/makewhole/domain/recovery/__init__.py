"""Getting the money back: a recovery's own life, in the log of its claim (decision 0009). Start at state.py."""
