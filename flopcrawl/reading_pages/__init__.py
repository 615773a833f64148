"""Reading pages that a person names: fetched politely or opened, read, and shown. Behind ``scrapy extract``."""
