"""The image API as this program speaks it; the only place that knows httpx."""
