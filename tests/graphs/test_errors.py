from graphs import CycleFound, Fault, FootpathError, InvalidInput, UnknownId
from graphs.errors import MOST_SHOWN


def test_a_fault_says_place_then_field_then_what_is_wrong() -> None:
    assert str(Fault("is odd", "t.csv", 3, "id")) == "t.csv:3: id: is odd"
    assert str(Fault("is odd", line=0)) == "0: is odd"
    assert str(Fault("is odd", field="minutes")) == "minutes: is odd"
    assert str(Fault("is odd")) == "is odd"


def test_every_refusal_is_a_footpath_error() -> None:
    refusals: list[FootpathError] = [
        InvalidInput("odd"),
        CycleFound([["a"]]),
        UnknownId("student", "x"),
    ]
    assert not any(isinstance(refusal, ValueError) for refusal in refusals)
    assert isinstance(refusals[1], InvalidInput)


def test_a_sentence_alone_is_one_fault() -> None:
    assert InvalidInput("odd").faults == (Fault("odd"),)


def test_a_long_list_of_faults_is_kept_whole_and_shown_in_part() -> None:
    error = InvalidInput(Fault(f"fault {i}") for i in range(MOST_SHOWN + 5))
    assert len(error.faults) == MOST_SHOWN + 5
    lines = str(error).splitlines()
    assert lines[-2:] == [f"fault {MOST_SHOWN - 1}", "… and 5 more"]


def test_an_unknown_id_says_what_it_should_have_named() -> None:
    assert str(UnknownId("student", "x")) == "there is no student with the id 'x'"
