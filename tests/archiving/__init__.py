"""A case as one file: does it hold everything, and does it prove it?"""
