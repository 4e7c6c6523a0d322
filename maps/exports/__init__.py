"""Exports: cities, clusters and results as GIS files, sheets and a data package."""
