"""One blueprint a seat: who is before the screen now, and so what it may show."""
