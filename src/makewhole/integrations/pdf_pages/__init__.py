"""The pages of a stranger's PDF, as pictures and as text. Start at asking.py; child.py opens the file."""
