"""The reference tray: places, chips, what is dropped or pasted, and its questions."""
