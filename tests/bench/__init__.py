"""Measures the program beside a reference of the same run. Programs, not tests: `python -m tests.bench`."""
