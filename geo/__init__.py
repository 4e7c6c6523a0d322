"""Where places are: gazetteer, geocoder, geodesic measures. Knows no clusters."""
