"""What all pages share: who asks, how money and time are written, the words for things, and the claim page."""
