"""What is a case as a whole? One file that holds all of it, and proves it without a database.

A case is a plan with its claims. Its archive is a bag after BagIt 1.0 (RFC 8493) in one ZIP.
"""
