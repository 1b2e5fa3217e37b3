"""Use cases: load what the caller may see, ask the policy, store the answer; never commit."""
