"""Scrapy settings and the project's own. Paths and secrets come from the environment; see README.md.

``FLOPCRAWL_DB``, ``FLOPCRAWL_OVERRIDES``, ``FLOPCRAWL_ARCHIVE`` and ``FLOPCRAWL_EXPORTS`` move the database, the
hand-edited files, the page archive and the exports, so that a second database can be made beside the first.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
METADATA = ROOT / "datasette-metadata.json"


def _path(variable: str, default: Path) -> str:
    """A path from the environment, absolute, or the project's default."""
    return str(Path(os.environ.get(variable) or default).expanduser().resolve())


BOT_NAME = "flopcrawl"
SPIDER_MODULES = ["flopcrawl.spiders"]
NEWSPIDER_MODULE = "flopcrawl.spiders"
COMMANDS_MODULE = "flopcrawl.commands"
TEMPLATES_DIR = str(ROOT / "flopcrawl" / "templates")

# --- the project's own -------------------------------------------------------------------------------------------
FLOPCRAWL_EXPORTS = _path("FLOPCRAWL_EXPORTS", ROOT / "exports")
FLOPCRAWL_DB = _path("FLOPCRAWL_DB", Path(FLOPCRAWL_EXPORTS) / "flopcrawl.db")
FLOPCRAWL_OVERRIDES = _path("FLOPCRAWL_OVERRIDES", ROOT / "overrides")
FLOPCRAWL_ARCHIVE = _path("FLOPCRAWL_ARCHIVE", Path(FLOPCRAWL_DB).parent / "archive.db")
FLOPCRAWL_BACKUPS = _path("FLOPCRAWL_BACKUPS", Path(FLOPCRAWL_DB).parent / "backups")
FLOPCRAWL_REPLAY = ""  # a replay folder: no socket is opened
FLOPCRAWL_RUN_ID = ""  # shared by all spiders of one refresh; made anew where it is empty
FLOPCRAWL_CAUSE = "scraped"  # what `changes` says of a crawl's changes: scraped, replay or sample
FLOPCRAWL_BROWSER = os.environ.get("FLOPCRAWL_BROWSER", "0")  # 1: read the sources that need a browser as well
FLOPCRAWL_DERIVE_AT_CLOSE = True  # off under `refresh`, which derives once at its end

# --- who we are, and manners ---------------------------------------------------------------------------------------
USER_AGENT = os.environ.get(
    "FLOPCRAWL_USER_AGENT", "flopcrawl/0.1 (+https://github.com/flopcrawl/flopcrawl; public list of large AI models)"
)
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # the pace of a host is kept to the millisecond, for all sources together
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 80 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
COOKIES_ENABLED = False
RETRY_TIMES = 2

# --- the page archive behind Scrapy's cache ------------------------------------------------------------------------
HTTPCACHE_ENABLED = True
HTTPCACHE_STORAGE = "flopcrawl.archive.storage.ArchiveStorage"
HTTPCACHE_POLICY = "flopcrawl.archive.policy.ArchivePolicy"
DOWNLOADER_MIDDLEWARES = {  # what each does, and why there: flopcrawl/archive/__init__.py
    "flopcrawl.archive.replay.ReplayMiddleware": 10,
    "flopcrawl.archive.fallback.FallbackMiddleware": 545,
    "flopcrawl.archive.breaker.CircuitBreakerMiddleware": 548,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "flopcrawl.archive.retry.PatientRetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "flopcrawl.archive.middleware.ArchiveMiddleware": 560,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "flopcrawl.archive.redirect.EachMetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "flopcrawl.archive.redirect.EachRedirectMiddleware": 600,
    "flopcrawl.extensions.manners.PaceMiddleware": 900,
}
REQUEST_FINGERPRINTER_CLASS = "flopcrawl.archive.fingerprint.Fingerprinter"
RETRY_AFTER_MAX = 300.0  # seconds; a host that asks for more is not waited for
RETRY_BACKOFF = 2.0  # seconds before the first retry, doubled with every further one
FLOPCRAWL_BREAKER_FAILURES = 5  # failures in a row after which a host is left alone
FLOPCRAWL_BREAKER_SECONDS = 300.0

# --- bounds of one source: a crawl that reaches one is ended, what it read is stored, and the monitors say so --------
CLOSESPIDER_TIMEOUT = 3 * 3600  # seconds
CLOSESPIDER_PAGECOUNT = 20_000
FLOPCRAWL_MAX_BYTES = 5_000_000_000

# --- items ---------------------------------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "flopcrawl.pipelines.normalize.NormalizePipeline": 100,
    "flopcrawl.pipelines.validate.ValidatePipeline": 200,
    "flopcrawl.pipelines.store.StorePipeline": 300,
    "flopcrawl.pipelines.derive.DerivePipeline": 400,
}
EXTENSIONS = {  # in this order at the close: the checks may fail a source, then the run log writes its state
    "flopcrawl.extensions.memory.Memory": 100,
    "flopcrawl.extensions.monitors.Monitors": 400,
    "flopcrawl.extensions.runlog.RunLog": 500,
    "flopcrawl.extensions.monitors.Statistics": 600,
    "flopcrawl.extensions.limits.ByteLimit": 700,
    "flopcrawl.extensions.jsonlog.JsonLog": 900,
}
SPIDERMON_ENABLED = True
SPIDERMON_SPIDER_CLOSE_MONITORS = ("flopcrawl.extensions.monitors.SourceSuite",)

# --- nothing listens, nothing is written outside the project ------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
FLOPCRAWL_LOG_JSON = os.environ.get("FLOPCRAWL_LOG_JSON", "")  # a file for structured logs
LOG_LEVEL = os.environ.get("FLOPCRAWL_LOG_LEVEL", "INFO")
FEED_EXPORT_ENCODING = "utf-8"
