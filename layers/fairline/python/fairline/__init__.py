"""Fairline: a virtual waiting room. See docs/architecture.md for the map of this package."""
