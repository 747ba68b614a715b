"""`python -m makewhole.cli`: the same as `makewhole`, with exactly this Python."""

from makewhole.cli import main

if __name__ == "__main__":
    main()
