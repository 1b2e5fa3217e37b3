"""Reads rosters and platform exports (xlsx, xls, csv) as they really arrive."""
