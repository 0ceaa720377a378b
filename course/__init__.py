"""The course itself: its command line, its lessons, the learner's workspace."""

__version__ = "0.1.0"
