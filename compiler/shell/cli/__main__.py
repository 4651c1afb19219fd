"""`python -m stratc.compiler.shell.cli`: the command line without an installed script."""

from stratc.compiler.shell.cli.main import main

if __name__ == "__main__":
    main()
