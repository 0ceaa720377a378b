"""Entry point: make this folder importable as the package `worker`, then serve.

Without an argument, one submission, over the standard streams. With the descriptor of a
socket, many: as their warm parent.
"""

import sys

here = sys.path[0]
sys.path[0] = here.rstrip("/\\").rpartition("/" if "/" in here else "\\")[0]

arguments = [int(argument) for argument in sys.argv[1:]]
if arguments:
    from worker.parent import main  # type: ignore[import-not-found]  # (found by that path)
else:
    from worker.serve import main  # type: ignore[import-not-found]

# The grader's own files stand in that folder, and ours in `sys.modules`: the submission
# shall find neither.
del sys.path[0], sys.argv[1:]
for name in [name for name in sys.modules if name.partition(".")[0] == "worker"]:
    del sys.modules[name]
main(*arguments)
