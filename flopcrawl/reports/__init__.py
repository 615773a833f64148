"""Validation against Epoch, what changed, what needs a person, source health (pandas)."""
