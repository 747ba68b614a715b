"""The seller's proof: what an exported claim file is, and how anybody checks it, offline and with no account.

Start at checking.py. Nothing here knows Django, a database or a setting; who exports stands in reads/export.py.
"""
