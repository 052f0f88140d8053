"""One file a verb: what a user types, and nothing that thinks."""

from contingent.cli.entry import main

__all__ = ["main"]
