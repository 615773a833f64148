"""One file, one source. Its docstring says what it reads, its licence and its fallbacks."""
