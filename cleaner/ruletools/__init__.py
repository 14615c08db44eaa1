"""Tools for people who write rules: proposing, checking, testing and importing them. Nothing in the program imports this package."""
