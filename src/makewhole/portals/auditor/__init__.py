"""Pages of the auditor: everything, read only."""
