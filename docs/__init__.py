"""Guide, pictures, and the program that takes them."""
