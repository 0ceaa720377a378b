"""Figures: a step on its parabola, losses that fall, a boundary between two classes.

In reading order; a file needs only those above it.

- `svg`: elements that escape what is put into them, and how figures look, light and dark.
- `axes`: a rectangle of the plane with its ticks.
- `marks`: how the runs of a figure are told apart: by colour, dash and shape.
- `parabola`: the loss of the one-weight model, and the steps on it.
- `curves`: losses over iterations.
- `boundary`: what a network says of the plane, and the points that it was shown.
- `training`: all of that for one training or two.
- `text`: losses and boundary in characters.
- `png`: a figure as pixels.
"""
