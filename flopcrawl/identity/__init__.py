"""Which names are the same model, and which organization a text names. Pure: no database, no network.

Data (``flopcrawl/data/aliases.csv``, ``not_same.csv``, ``organizations.csv``) says what rules cannot know.
"""

from flopcrawl.identity.folding import slug
from flopcrawl.identity.organizations import Organization, organizations
from flopcrawl.identity.registry import Identity, Registry

__all__ = ["Identity", "Organization", "Registry", "organizations", "slug"]
