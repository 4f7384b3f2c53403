"""`python -m gatepos` and the `gatepos` command."""

from gatepos.cli import main

if __name__ == "__main__":
    main()
