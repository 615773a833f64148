"""Text in, quoted facts out. Knows nothing of Scrapy."""
