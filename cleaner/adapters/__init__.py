"""``cleaner`` as a step of other people's pipelines: one module for each of them, and none is imported before you import it.

Every adapter calls ``cleaner.batch.record``, so the same page gives the same bytes of text on every road. docs/pipelines.md has an
example of each. Read ``records.py`` first.
"""
