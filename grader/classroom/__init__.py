"""A whole class: many submissions in, a gradebook out, nothing lost on the way.

In reading order; a file needs only those above it.

- `platforms`: how learning platforms name what learners handed in.
- `entries`: who handed in what, and where it lies.
- `tables`, `rosters`, `gradebooks`: whose submission is whose, and where the points go.
- `likeness`: which submissions are one and the same under other names.
- `marking`: one submission to one result, whatever it does.
- `results`: the folder that keeps every result, and continues where it was.
- `lanes`: several processes that mark at once.
- `cluster`: the same on other machines, through dask.
- `reading`: a report read back from its JSON.
- `gradebook`: a row a learner, and the table of them.
- `statistics`: what a class has in common.
- `class_page`: the class on one page, for whoever teaches it.
- `batch`: a whole run, from what is there already to what is written at the end.
"""
