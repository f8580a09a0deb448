"""A package, so that pytest ends the rooms its tests share with the last of them."""
