"""What touches the world: network, disk, library, queue. asyncio, no Qt."""
