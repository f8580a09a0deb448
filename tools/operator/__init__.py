"""`fairline`, the operators' command: the same use cases as the admin routes, with the caller's own credentials."""
