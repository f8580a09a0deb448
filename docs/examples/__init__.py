"""Code that docs/integrate.md shows. Tests run it."""
