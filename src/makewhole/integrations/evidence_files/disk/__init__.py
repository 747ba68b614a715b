"""Evidence in a folder of this machine or of a shared file system."""
