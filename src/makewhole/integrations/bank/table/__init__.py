"""A bank's answers as a plain table, for a bank, or a person, that writes no ISO 20022."""
