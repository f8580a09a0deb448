"""The smoke test: one journey through a deployment, step by step, and a verdict.

It knows a deployment by its front address alone. It makes an onsale of its own, walks through it as three fans and
their operator, and closes it again, whatever happens.
"""
