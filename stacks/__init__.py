"""What is deployed. `tables.py` and `functions.py` are plain data, read by the one-machine room as well."""
