import numpy as np

from engine import Layout
from engine.layout import OWN_MINUTES
from graphs import Curriculum, Edge, Framework, LearningTarget, Task
from tests.cast import TARGETS, small_curriculum


def test_the_prerequisite_matrix_holds_prerequisites_and_nothing_encompassed() -> None:
    matrix = Layout(small_curriculum()).prerequisites.toarray()
    pairs = {(TARGETS[a], TARGETS[b]) for a, b in np.argwhere(matrix)}
    assert pairs == {
        ("count", "add"),
        ("add", "subtract"),
        ("add", "multiply"),
        ("multiply", "divide"),
    }
    assert matrix.max() == 1


def test_options_are_the_tasks_and_then_the_targets_without_a_task() -> None:
    targets = tuple(LearningTarget(t, t.upper()) for t in "abc")
    task = Task("t", "T", ("b", "a"), "homework", "paper", ("music",), 20)
    from_task, bare = Layout(
        Curriculum(Framework("f", "F", targets, tasks=(task,)), (Edge("a", "b"),))
    ).options
    assert (from_task.id, from_task.targets, from_task.task) == ("t", ("b", "a"), task)
    assert (from_task.kind, from_task.format, from_task.interests, from_task.minutes) == (
        ("homework", "paper", ("music",), 20)
    )
    assert (bare.id, bare.title, bare.targets, bare.task) == ("c", "C", ("c",), None)
    assert bare.minutes == OWN_MINUTES


def test_the_arrays_of_options_agree_with_the_options() -> None:
    layout = Layout(small_curriculum())
    arrays, formats = layout.arrays, {number: word for word, number in layout.formats.items()}
    for o, option in enumerate(layout.options):
        assert {TARGETS[t] for t in arrays.targets.of(o)} == set(option.targets)
        assert {i for w, i in layout.interests.items() if w in option.interests} == set(
            arrays.interests.of(o)
        )
        assert (arrays.minutes[o], formats[arrays.format[o]]) == (option.minutes, option.format)
    for number, options in ((i, layout.of_interest.of(i)) for i in layout.interests.values()):
        assert {o for o in range(len(layout.options)) if number in arrays.interests.of(o)} == set(
            options
        )


def test_a_curriculum_without_targets_can_be_laid_out() -> None:
    layout = Layout(Curriculum(Framework("f", "F", ())))
    assert layout.options == ()
    assert layout.prerequisites.shape == (0, 0)
    assert len(layout.arrays.minutes) == 0
