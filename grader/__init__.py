"""The grader: claims about a learner's code, put to it as data and judged from outside.

In reading order; a file needs only those above it.

- `worker/`: the process that holds the learner's code and nothing else.
- `programs`, `parsing`: expression graphs as data, as Python text, and back.
- `tasks`: one question to a submission, with the reference's answer.
- `tolerance`: how far apart two correct numbers may be.
- `builds`: the reference with its operators composed in other ways, or with mistakes.
- `oracle`: the reference, run on tasks; which tasks are fair to ask.
- `judge`: do a task's numbers support the claim?
- `checks/`: the claims, each declared once.
- `misconceptions/`: the mistakes, each declared once.
- `drawing`, `strategies`: fresh programs from Hypothesis, in a process of their own.
- `corpus`: all tasks of one seed, shipped or cached.
- `archives`, `sources`: what a learner handed in, as names and bytes.
- `syntax`: a source as a tree, unless that would be too large.
- `statements`, `slicing`, `notebooks`: what a source defines, without what it runs.
- `roles`, `submission`: which file is which; a submission as modules.
- `report`: what came out, as plain data.
- `isolation`: the levels at which a submission is walled in, in words.
- `conversation`: one submission at the end of a wire.
- `filter`, `privileges`, `namespaces`: the walls, and what this process may build of them.
- `fork_server`: a warm parent that forks a child for every submission.
- `lane`: where submissions run, at the level that this machine gives.
- `session`: one submission's jobs, through as many processes as it takes.
- `attempts`: what a hostile submission would try, for `course doctor`.
- `shrinking`, `scripts`, `tracing`, `counterexample`: the smallest expression that shows a
  failure, as Python, as a graph and in words.
- `loading`, `judging`: from answers to outcomes.
- `battery`: the questions by which mistakes are told apart.
- `predictions`, `fitting`, `naming`: what each mistake would answer, and which one fits.
- `pointing`: the line of a learner's file to look at.
- `diagnosis`: the mistake behind a failure, in words.
- `grading`: the whole way from submission to report.
- `renderers/`: how a report is shown.
- `classroom/`: a whole class at once.
"""
