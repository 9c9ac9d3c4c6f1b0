"""The things that can happen to a case: the only code that writes."""
