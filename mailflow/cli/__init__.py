"""Commands, words for people, exit codes. Each command loads only what it uses.

Exit codes: 0 done · 1 done, and something needs a person (a stale poll, a broken journal, held rows) ·
2 the settings or the command line are wrong · 3 the brake: a person must look first · 65 the input can't be used ·
70 a fault of mailflow's own · 75 try again later.
"""

from mailflow.cli.app import main

__all__ = ["main"]
