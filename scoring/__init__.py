"""What the published tiers say of clusters, and how sure that is."""
