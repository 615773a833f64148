"""Running by itself: what is checked after every run, who is told, and what is measured."""
