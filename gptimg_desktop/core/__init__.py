"""What the program is about, as plain values and pure functions: no I/O, no clock, no hidden randomness."""
