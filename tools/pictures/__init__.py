"""Pictures of what people see, for who makes the pages and for the README."""
