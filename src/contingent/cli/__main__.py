"""`python -m contingent.cli` is `contingent`."""

from contingent.cli.entry import main

main()
