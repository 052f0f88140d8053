"""The former names of `contingent.cli.output`, for verbs that still use them."""

from contingent.cli.output import coloured, error_record, fail, progress
from contingent.cli.output import emit_json as data
from contingent.cli.output import log as talk
from contingent.cli.output import print_result as text

__all__ = ["coloured", "data", "error_record", "fail", "progress", "talk", "text"]
