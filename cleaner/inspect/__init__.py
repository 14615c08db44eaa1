"""Pages to look at: what was kept of a page, what went, and by which rule."""
