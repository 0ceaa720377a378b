"""A whole class: many submissions in, a gradebook out, nothing lost on the way.

In reading order; a file needs only those above it.

- `entries`: who handed in what, and where it lies.
"""
