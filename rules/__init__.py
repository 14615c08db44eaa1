"""The built-in rules, shipped as package data under the name ``cleaner_rules``."""
