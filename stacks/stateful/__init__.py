"""What is kept: the network and the cache in it, tables, the status document's bucket and name, the operators."""
