"""How a Lambda event becomes a call of a use case, and its outcome the answer of the interface."""
