"""The sample pages and their expected articles, shipped as package data under the name ``cleaner_samples``."""
