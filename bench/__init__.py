"""Speed and memory, measured beside a reference in the same run. Start at __main__.py."""
