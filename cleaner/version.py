"""The two numbers that tell which program made an article."""

__version__ = "0.1.0"

TEXT_VERSION = 5
"""Goes up, with a changelog entry, whenever the same input and the same rules give another text."""
