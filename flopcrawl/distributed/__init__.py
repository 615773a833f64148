"""More than one machine: nodes share queue and duplicate filter in Redis; one writer owns the database.

Start every node with the profile ``distributed`` (``SCRAPY_PROJECT=distributed scrapy crawl NAME``, or scrapyd with
it), ``REDIS_URL``, and one ``FLOPCRAWL_RUN_ID`` for all of a run; start one ``scrapy writer`` with the same. See
docs/scale.md.

A host belongs to one node at a time, which holds a lease on it and so keeps its delay. What a node has taken from the
queue stays listed as taken until its answer has been read and its items are in Redis; when the lease of a node that
died ends, the next owner of the host takes all of that up again. A page may so be read twice, which changes nothing:
claims have the same id however often they are read.
"""
