"""Pages of the programme owner: is the guarantee kept, and what does it cost."""
