"""Figures against a baseline of the same run: `python -m benchmarks.register` and so on.

A ratio to what the same machine does in the same minute says more than a figure alone: the budgets are ratios
wherever they can be. Nothing fails here; tests do not time things.
"""
