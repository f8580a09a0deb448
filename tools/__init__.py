"""Programs for people: the operator's command, a simulated crowd, and a load generator."""
