"""All facts, each with its provenance, and the loaders and checks that read them."""
