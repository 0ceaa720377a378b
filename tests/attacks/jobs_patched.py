"""Replace the function that runs a task by one that answers with zeros.

base: wrong
reaches: points
"""
from canary import inside
from engine_base import Value

jobs = inside("jobs")
for kind in jobs.JOBS:
    jobs.JOBS[kind] = lambda *_: [0.0]
jobs.run = lambda *_: [0.0]
