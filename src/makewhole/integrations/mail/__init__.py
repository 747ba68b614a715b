"""Mail: over SMTP, or into files, as Django's mail settings say. Start at sending.py; words become HTML in words.py."""
