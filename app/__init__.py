"""Administers Dalian's public training subsidies: from the filed plan to the paid claim."""
