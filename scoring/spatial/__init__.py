"""Spatial statistics of scores and tiers: whole maps and single sites, with valid p-values."""
