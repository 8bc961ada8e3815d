"""What several tests need: a server that follows a script, and hands that work the window."""
