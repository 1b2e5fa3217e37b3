"""Version 1 of the API: the nouns of the URLs, one file each."""
