"""A report as text: each module holds one pure function `render(report) -> str`.

Text from a submission is escaped here, for the medium it goes to.
"""
