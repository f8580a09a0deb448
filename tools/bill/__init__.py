"""What a deployment costs: a bill of materials from its templates, a model of one onsale, and dated prices."""
