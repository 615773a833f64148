"""Training compute from facts: one file per method, pure functions, no I/O."""
