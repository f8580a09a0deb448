"""A package, so that pytest ends the room its tests share with the last of them."""
