"""flopcrawl: a self-updating list of AI models trained with more than 1e25 FLOP, with the evidence."""
