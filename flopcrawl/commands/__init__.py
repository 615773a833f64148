"""Scrapy commands, one file each; ``scrapy -h`` lists them."""
