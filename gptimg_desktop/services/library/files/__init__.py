"""Pictures and folders on the disk, as the file system has them."""
