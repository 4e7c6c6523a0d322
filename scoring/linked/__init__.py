"""Two editions of one rubric linked by the cities that they share."""
