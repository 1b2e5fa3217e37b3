"""Who has evidence scanned? A task beside the requests, and clamd, which looks at the bytes.

``clamd`` speaks to the scanner, ``queue`` to the database, and ``watch`` is the task.
"""
