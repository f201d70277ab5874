"""Every shared GS1 case, through the functions and through `dacsan gs1 run -`."""

import argparse
import io
import json

import pytest

from tests.support.shared import NEEDS_SHARED, shared_folder
from traceability import commands
from traceability.commands import OPERATIONS
from traceability.errors import TraceabilityError
from traceability.messages import SENTENCES

FOLDER = shared_folder()
VECTORS = (
    json.loads((FOLDER / "vectors" / "gs1.json").read_text(encoding="utf-8"))
    if FOLDER
    else {"vectors": [], "error_kinds": []}
)
CASES = [pytest.param(case, id=case["id"]) for case in VECTORS["vectors"]]

pytestmark = pytest.mark.skipif(not CASES, reason=NEEDS_SHARED)


@pytest.mark.parametrize("case", CASES)
def test_function_gives_what_the_vector_expects(case):
    operation = OPERATIONS[case["op"]]
    expected = dict(case["expect"])

    try:
        answer = json.loads(json.dumps(operation(case["input"], case.get("params") or {})))
    except TraceabilityError as refusal:
        answer = {"error": refusal.kind}

    assert answer == expected


@pytest.mark.parametrize("case", CASES)
def test_command_prints_what_the_vector_expects(case):
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser, "vi")
    arguments = parser.parse_args(["run", "-"])
    request = {name: case[name] for name in ("op", "input", "params") if name in case}
    stdout = io.StringIO()

    code = arguments.run(arguments, stdin=io.StringIO(json.dumps(request)), stdout=stdout)

    answer = json.loads(stdout.getvalue())
    if "error" in case["expect"]:
        assert (code, answer.pop("message") != "") == (1, True)
    assert answer == case["expect"]
    assert (code == 1) == ("error" in case["expect"])


def test_every_kind_of_the_vectors_has_a_vietnamese_sentence():
    assert set(VECTORS["error_kinds"]) <= set(SENTENCES)
