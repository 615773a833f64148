"""scrapyd from the project folder (deploy/scrapyd.sh starts it): so that overrides/ and the rest beside the package are found.

SCRAPYD_PASSWORD must be set, SCRAPYD_USERNAME may be (default: flopcrawl); neither reaches the jobs. SCRAPYD_STATE is
the folder for its queue and logs (default: var/scrapyd).
"""

import os
import sys

from scrapyd import get_application
from scrapyd.config import Config

password = os.environ.pop("SCRAPYD_PASSWORD", "")
username = os.environ.pop("SCRAPYD_USERNAME", "flopcrawl")
if not password:
    sys.exit("SCRAPYD_PASSWORD is not set: scrapyd runs code for whoever can reach it, so it does not start without one")

config = Config(extra_sources=["deploy/scrapyd.conf"])
config.cp.set("scrapyd", "username", username)
config.cp.set("scrapyd", "password", password.replace("%", "%%"))
state = os.environ.get("SCRAPYD_STATE", "var/scrapyd")
for name in ("logs", "eggs", "dbs"):
    os.makedirs(os.path.join(state, name), exist_ok=True)
    config.cp.set("scrapyd", f"{name}_dir", os.path.abspath(os.path.join(state, name)))

application = get_application(config)
