"""Pictures that the user brings along."""
