"""The words of every mail, one file a notice (domain/claim/notices.py names them). Start at letters.letter()."""
