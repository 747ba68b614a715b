"""ISO 20022: pain001.py writes what a bank is asked to pay; reading.py takes apart what it answers."""
