"""The search field: what is typed into it, and what can follow."""
