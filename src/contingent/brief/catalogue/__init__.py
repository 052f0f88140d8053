"""How is it said in each language? One file of messages a language, one reader for all."""

from contingent.brief.catalogue.message import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue"]
