"""The contestants, a file for each."""
