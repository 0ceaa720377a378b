"""The only code of ours that shares a process with a submission.

Standard library only, and little of it: each import is paid for at every grading. Started
by path, as `python -S -P … grader/worker`, where it is the package `worker`; the grader
imports the same files as `grader.worker`. So siblings are imported relatively here.

Nothing in this process knows an expected number. It computes what it is asked to with the
learner's code and sends floats back; all judgement happens on the other side of the pipe.

- `operations`: what a program may do, in both processes' terms.
- `wire`: how the two processes talk.
- `limits`: what the system is asked to take away before the submission runs.
- `modules`: the submission's files, compiled in memory and importable by their names.
- `answers`: what the learner's code gave, as floats.
- `engine_jobs`, `network_jobs`, `training_jobs`, `jobs`: one task of each kind, run with the
  learner's code.
- `serve`: the loop that ties them together.
- `orders`: on Linux, how the grader talks with a warm parent.
- `confinement`, `trial`, `parent`: the walls around each submission, a child that tries
  them, and that parent, which forks a child for every submission.
"""
