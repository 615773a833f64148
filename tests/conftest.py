"""What every test shares: property tests without a time limit, for a busy machine makes no code wrong."""

from hypothesis import settings

settings.register_profile("flopcrawl", deadline=None)
settings.load_profile("flopcrawl")
