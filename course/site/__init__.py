"""The course as a web site: lessons, cards, a reference of all checks and mistakes.

Read in this order; each file needs only the ones before it.

- `reference`: the declarations of checks and mistakes → what a reader looks up.
- `training_figures`: what `course demo` draws, drawn once and shipped in `figures/`.
- `extras`: what a lesson has only on the web: numbers to change, figures.
- `pages`: lessons and reference → HTML, through `templates/`.
- `website`: every file of the site, by name, as bytes. The same course gives the same bytes.
- `folder`: the site in a folder, where it can be published.
- `server`: the site on this machine, as it is being written.

`static/` is copied as it is. What a page may rely on, and where a new page goes, stands in
docs/site.md.
"""
