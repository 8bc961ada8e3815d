"""What a filter of the gallery asks, as SQL."""
