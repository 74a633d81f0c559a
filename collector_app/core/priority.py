"""Who goes first when there is more to compute than processors: phones and desks, then plans."""

import os
from contextlib import suppress
from pathlib import Path

BEHIND = 10  # a process at this nice value gets a tenth of what one at 0 gets beside it
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Let this process, and those that it starts, compute with what others leave over.

    Linux on a desk shares the processors among sessions first, where what a process says of itself
    counts within its own alone; so who leads a session says it for all of that session.
    """
    os.nice(max(0, BEHIND - os.nice(0)))
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # another system, or one that shares by process alone
            _SESSION.write_text(str(BEHIND))
