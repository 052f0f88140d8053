"""`python -m contingent.cli` is `contingent`."""

from contingent.cli import main

main()
