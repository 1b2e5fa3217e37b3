"""Which data about the office's world does a new database start with? Dated, with their sources."""
