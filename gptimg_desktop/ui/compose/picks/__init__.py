"""The one popup list of the composer: what can be picked by mouse, keys and search."""
