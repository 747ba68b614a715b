"""Policy: a marketplace's rules as data. Start at `document.read_policy`, then `rules.rules_on`."""
