"""Run the command line with ``python -m tierscape``."""

from tierscape.cli import main

if __name__ == "__main__":
    main()
