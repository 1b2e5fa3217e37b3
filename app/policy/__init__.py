"""THE LAW: pure functions over facts, cited clause by clause; standard library only."""
