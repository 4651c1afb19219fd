"""Books: several strategies on one account."""
