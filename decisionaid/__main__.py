"""`python -m decisionaid` is the command `decisionaid`."""

from decisionaid.cli import main

main()
