"""Static figures: maps and charts as one SVG drawing, and as PNG, SVG or PDF by typst."""
