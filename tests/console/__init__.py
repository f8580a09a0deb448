"""The console, in a room that ends with the last test of this folder."""
