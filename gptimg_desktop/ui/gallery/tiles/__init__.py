"""What is painted of one job: a module for each kind of tile, and what they share."""
