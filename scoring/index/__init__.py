"""Ratings to weighted totals, ranks and tiers: the arithmetic of an index."""
