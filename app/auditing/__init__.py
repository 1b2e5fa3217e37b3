"""How is it proved what was done? Events are sealed in a signed chain, exported and verified.

Nothing here is in the way of a request: a task of its own seals what requests have written.
"""
