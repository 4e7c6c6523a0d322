"""Which cities belong together by written geographical rules. Knows no scores."""
