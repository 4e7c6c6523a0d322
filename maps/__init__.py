"""Maps: the interactive atlas and the offline renderer."""
