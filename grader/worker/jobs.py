"""One task of each kind, run with a submission's code and turned into plain floats.

The same functions run the reference, for the expected numbers: a task is data, and whose
`Value` computes it makes no difference here. A job returns exactly as many numbers as the
grader expects of it, or raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from . import demonstration_jobs, engine_jobs, network_jobs, training_jobs
from .answers import Submission


def run(submission: Submission, job: Sequence[Any]) -> list[float]:
    """Run one job, a kind and its arguments, and return its numbers."""
    kind, *arguments = job
    return JOBS[kind](submission, *arguments)


def load(submission: Submission, role: str) -> list[float]:
    """Import a role's module, so that its top-level code is charged to no claim.

    Raises whatever that code raises.
    """
    submission.load(role)
    submission.reraise(role)
    return []


def survey(
    submission: Submission, role: str, names: Sequence[str], packages: Sequence[str]
) -> list[float]:
    """Tell which names a role's module defines: 1 or 0 each.

    After that, in which line the file imports each of `packages`, or 0.
    """
    module = submission.load(role)
    imports = submission.imports[module.__name__.rpartition(".")[2]]
    defined_ = [float(hasattr(module, name)) for name in names]
    return defined_ + [float(imports.get(package, 0)) for package in packages]


JOBS: dict[str, Callable[..., list[float]]] = {
    "load": load,
    "survey": survey,
    "program": engine_jobs.program,
    "neuron": network_jobs.neuron,
    "forward": network_jobs.forward,
    "sizes": network_jobs.sizes,
    "parameter-count": network_jobs.parameter_count,
    "parameters-once": network_jobs.parameters_once,
    "halved-parameters": network_jobs.halved_parameters,
    "starting-weights": network_jobs.starting_weights,
    "gradients": network_jobs.gradients,
    "zero-grad": network_jobs.zero_grad,
    "output-form": training_jobs.output_form,
    "loss": training_jobs.loss,
    "loss-gradients": training_jobs.loss_gradients,
    "training": training_jobs.training,
    "demonstration": demonstration_jobs.demonstration,
}
