"""The sandbox: everything on one machine, with a business day that can be set."""
