"""Mutations of the corpus and of the worker: what is asked, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable

from prove.mutating import Mutation, dropped, in_the_worker, kept, rewritten

from grader.checks import CHECKS
from grader.corpus import practice
from grader.tasks import Job, Task

# ── The corpus ────────────────────────────────────────────────────────────────────────


def operations(task: Task) -> int:
    return len(task.job[2]) if task.kind == "program" else 0


def layers(task: Task) -> int:
    if task.kind in ("forward", "halved-parameters", "gradients", "sizes", "parameters-once"):
        return len(task.job[2])
    return len(task.job[1][2]) if task.kind == "training" and task.job[1][0] == "mlp" else 1


def outputs(task: Task) -> int:
    return int(task.job[2][-1]) if task.kind == "forward" else 0


def steps(task: Task) -> int:
    return int(task.job[4]) if task.kind == "training" else 0


def trains(task: Task, observe: str) -> bool:
    return task.kind == "training" and task.job[-1] == observe


def has_negative_leaf(task: Task) -> bool:
    return task.kind == "program" and min(task.job[1], default=0) < 0


def is_written_by_hand(task: Task) -> bool:
    return task in HAND_WRITTEN


HAND_WRITTEN = {
    task for slug, check in CHECKS.items() for task in practice().tasks[slug][: len(check.cases)]
}


def floats_only(job: Job) -> Job:
    return (job[0], tuple(map(float, job[1])), *job[2:]) if job[0] == "program" else job


def squares_only(job: Job) -> Job:
    if job[0] != "program":
        return job
    instructions = tuple((*i[:2], 2) if i[0] == "pow" else i for i in job[2])
    return (*job[:2], instructions, *job[3:])


def one_root(job: Job) -> Job:
    return (*job[:3], job[3][:1], *job[4:])


def one_example(job: Job) -> Job:
    if job[0] in ("loss", "loss-gradients", "training"):
        return (*job[:2], job[2][:1], job[3][:1], *job[4:])
    return job


def one_step(job: Job) -> Job:
    return (*job[:4], 1, *job[5:])


def fixed_rate(job: Job) -> Job:
    return (*job[:5], 0.05, *job[6:]) if job[0] == "training" else job


Neuron = tuple[tuple[float, ...], float]


def with_neurons(change: Callable[[tuple[float, ...], float], Neuron]) -> Callable[[Job], Job]:
    """Change weights and bias of every neuron."""

    def rewrite(job: Job) -> Job:
        if job[0] == "neuron":
            return (job[0], *change(job[1], job[2]), job[3])
        if job[0] in ("forward", "halved-parameters", "gradients"):
            network = tuple(tuple(change(*neuron) for neuron in layer) for layer in job[3])
            return (*job[:3], network, *job[4:])
        return job

    return rewrite


OPERATIONS = ("add", "mul", "pow", "neg", "sub", "div", "exp", "tanh", "relu")

REUSE_IS_NOTICED_BY = {
    "add": "assign_in_add",
    "mul": "assign_in_mul",
    "pow": "assign_in_pow",
    "tanh": "assign_in_tanh",
    **dict.fromkeys(("neg", "sub", "div"), "assign_in_minus_and_division"),
    **dict.fromkeys(("exp", "relu"), "assign_everywhere"),
}

QUESTIONS: dict[str, Mutation] = {
    **{
        f"{operation}-is-never-reused": Mutation(
            dropped(f"backward/{operation}-reused"), [REUSE_IS_NOTICED_BY[operation]]
        )
        for operation in OPERATIONS
    },
    **{
        f"{operation}-never-meets-itself": Mutation(dropped(f"backward/{operation}-itself"), [name])
        for operation, name in {
            **dict.fromkeys(("add", "mul"), "edges_in_a_dict"),
            **dict.fromkeys(("sub", "div"), "assign_in_minus_and_division"),
        }.items()
    },
    "no-diamonds": Mutation(dropped("backward/diamond"), ["append_outside_guard"]),
    "no-uneven-depths": Mutation(dropped("backward/uneven-depths"), ["breadth_first_walk"]),
    "no-shared-nodes": Mutation(dropped("backward/shared-node"), ["breadth_first_walk"]),
    "no-random-graphs": Mutation(dropped("backward/random-graphs"), ["assign_in_add"]),
    "one-graph-of-two": Mutation(rewritten(one_root, "backward/two-graphs"), ["assign_everywhere"]),
    "doubled-four-times": Mutation(
        kept(lambda task: operations(task) <= 4, "backward/doubling"), ["exponential_walk"]
    ),
    "chains-are-short": Mutation(
        kept(lambda task: operations(task) <= 8, "backward/long-chain"), ["walk_stops_at_depth_100"]
    ),
    "upstream-is-1": Mutation(
        kept(lambda task: operations(task) == 1, *(f"backward/{o}" for o in OPERATIONS)),
        ["mul_without_upstream", "add_without_upstream"],
    ),
    "nothing-is-negative": Mutation(
        kept(lambda task: not has_negative_leaf(task)), ["relu_passes_everywhere"]
    ),
    "powers-are-squares": Mutation(rewritten(squares_only), ["pow_always_squares"]),
    "expressions-are-single-operations": Mutation(
        kept(lambda task: operations(task) == 1, "value/expressions"), ["functions_in_place"]
    ),
    "nothing-is-an-int": Mutation(rewritten(floats_only), ["floor_division_of_ints"]),
    "gradients-may-start-anywhere": Mutation(
        kept(lambda task: task.job[-1] == "operands", "value/wrap"), ["grad_starts_as_nan"]
    ),
    "biases-are-0": Mutation(
        rewritten(with_neurons(lambda weights, _: (weights, 0.0))), ["bias_forgotten_in_sum"]
    ),
    "neurons-are-equal": Mutation(
        rewritten(with_neurons(lambda weights, _: ((0.5,) * len(weights), 0.25)), "mlp/forward"),
        ["one_neuron_repeated"],
    ),
    "networks-have-one-layer": Mutation(
        kept(lambda task: layers(task) == 1), ["return_in_layer_loop", "input_to_every_layer"]
    ),
    "networks-have-many-outputs": Mutation(
        kept(lambda task: outputs(task) != 1), ["single_output_as_number"]
    ),
    "gradients-of-one-layer": Mutation(
        kept(lambda task: layers(task) == 1, "mlp/gradients"), ["layers_detached"]
    ),
    "inputs-are-floats": Mutation(
        rewritten(lambda job: (*job[:-1], "floats"), "mlp/values-as-inputs"),
        ["inputs_always_wrapped"],
    ),
    "sizes-of-a-single-neuron": Mutation(
        kept(lambda task: layers(task) == 1, "mlp/sizes"), ["layer_arguments_swapped"]
    ),
    "parameters-of-networks-only": Mutation(
        kept(lambda task: task.job[1] == "MLP", "mlp/parameter-count"),
        ["only_the_network_is_asked"],
    ),
    "only-networks-are-cleared": Mutation(
        kept(lambda task: task.job[2] == "MLP", "mlp/zero-grad"), ["only_the_network_is_asked"]
    ),
    "parameters-of-a-single-neuron": Mutation(
        kept(lambda task: layers(task) == 1, "mlp/parameters-once"), ["one_neuron_repeated"]
    ),
    "one-example": Mutation(rewritten(one_example), ["loss_averaged", "loss_of_last_example"]),
    "losses-have-no-gradient": Mutation(
        kept(lambda task: task.kind == "loss", "train/loss"), ["loss_wrapped_again"]
    ),
    "one-learning-rate": Mutation(rewritten(fixed_rate), ["learning_rate_of_the_lecture"]),
    "no-zeroing": Mutation(dropped("train/zeroing"), ["no_zeroing", "zeroing_once"]),
    "one-step-shows-zeroing": Mutation(rewritten(one_step, "train/zeroing"), ["zeroing_once"]),
    "trajectories-of-one-step": Mutation(
        kept(lambda task: steps(task) == 1, "train/trajectory"), ["zeroing_below_the_loop"]
    ),
    "one-weight-is-trained": Mutation(
        kept(lambda task: task.kind != "training" or task.job[1][0] == "weight"),
        ["only_last_layer_updated"],
    ),
    "one-layer-is-trained": Mutation(
        kept(lambda task: task.kind != "training" or layers(task) == 1),
        ["only_last_layer_updated"],
    ),
    "losses-are-not-read": Mutation(
        kept(lambda task: not trains(task, "losses")), ["losses_after_update"]
    ),
    "parameters-are-not-read": Mutation(
        kept(lambda task: not trains(task, "parameters")), ["no_zeroing"]
    ),
    "steps-are-never-0": Mutation(
        kept(lambda task: task.kind != "training" or steps(task) > 0), ["one_step_too_many"]
    ),
    "nothing-is-written-by-hand": Mutation(
        kept(lambda task: not is_written_by_hand(task)), ["pow_of_zero"]
    ),
    "nothing-is-drawn": Mutation(kept(is_written_by_hand), ["assign_in_add"]),
}


# ── The worker ────────────────────────────────────────────────────────────────────────

WORKER: dict[str, Mutation] = {
    "recursion-is-left-at-1000": Mutation(
        in_the_worker("limits.py", "RECURSION_LIMIT = 10_000", "RECURSION_LIMIT = 1_000"),
        ["comprehension_walk"],
    ),
    "the-stand-in-has-no-list": Mutation(
        in_the_worker("training_jobs.py", "[prediction] if self._in_list else ", ""),
        ["bias_first_lists"],
    ),
    "the-stand-in-has-a-list": Mutation(
        in_the_worker("training_jobs.py", " if self._in_list else prediction", ""),
        ["lecture_closures"],
    ),
    "a-number-will-do-for-a-value": Mutation(
        in_the_worker("answers.py", "data = node.data", "data = getattr(node, 'data', node)"),
        ["mul_gives_a_number"],
    ),
    "a-value-will-do-for-a-number": Mutation(
        in_the_worker(
            "answers.py",
            "    kind = type(thing)\n",
            "    thing = getattr(thing, 'data', thing)\n    kind = type(thing)\n",
        ),
        ["losses_as_values"],
    ),
    "operands-are-not-looked-at": Mutation(
        in_the_worker(
            "engine_jobs.py",
            '    if observe == "operands":\n',
            '    if observe == "operands":\n        return [float(leaf) for leaf in leaves]\n',
        ),
        ["add_in_place"],
    ),
    "parameters-are-asked-for-once": Mutation(
        in_the_worker("network_jobs.py", "    parameters(model)  #", "    #"),
        ["parameters_run_dry"],
    ),
    "equal-numbers-are-one-parameter": Mutation(
        in_the_worker("network_jobs.py", "parameter is listed_", "parameter.data == listed_.data"),
        ["parameters_are_copies"],
    ),
    "what-zeroing-does-to-numbers-is-not-looked-at": Mutation(
        in_the_worker(
            "network_jobs.py",
            '[value_number(parameter, "a parameter") for parameter in read(model)]',
            "[float(number_) for number_ in numbers]",
        ),
        ["zeroing_clears_the_weights"],
    ),
    "a-parameter-may-be-there-twice": Mutation(
        in_the_worker("network_jobs.py", "float(sum(parameter", "float(any(parameter"),
        ["one_neuron_repeated"],
    ),
    "targets-are-not-looked-at": Mutation(
        in_the_worker("training_jobs.py", 'items(targets, len(ys), "the targets")', "list(ys)"),
        ["targets_wrapped_in_place"],
    ),
}
