"""Care for the library as a whole: opened safely, backed up, restored; missing files found."""
