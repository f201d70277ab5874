"""What the documents say is true, and nothing people need is missing from them."""

import doctest
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from shop.cli.discovery import find_commands
from shop.cli.run_texts import Opening
from shop.config import Settings
from tests.support.documents import Document, documents, unmentioned
from tests.support.shared import CHECKOUT

DOCUMENTS = documents()
REFERENCE = runpy.run_path(str(CHECKOUT / "tools/reference.py"))
GUIDES = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]


def provider_folders() -> list[Path]:
    """Return the folder of each provider."""
    kinds = ("payments", "banks", "marketplaces")
    made = [path for kind in kinds for path in (CHECKOUT / "integrations" / kind).glob("*/*.py")]
    return sorted({path.parent for path in made if path.name == "__init__.py"})


@pytest.mark.parametrize(
    "document",
    [document for document in DOCUMENTS if ">>>" in document.python_examples()],
    ids=lambda document: document.name,
)
def test_python_examples_are_true(document: Document) -> None:
    examples = doctest.DocTestParser().get_doctest(
        document.python_examples(), {}, document.name, document.name, 0
    )

    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    result = runner.run(examples)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("command", "output"),
    [
        pytest.param(*example, id=f"{document.name}-{number}")
        for document in DOCUMENTS
        for number, example in enumerate(document.shell_examples())
    ],
)
def test_shell_examples_are_true(command: str, output: str, tmp_path: Path) -> None:
    commands = Path(sys.executable).parent
    said = subprocess.run(
        ["sh", "-c", command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=tmp_path,
        env={"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)},
        timeout=60,
    ).stdout

    assert said == output


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_to_files_that_are_there(document: Document) -> None:
    assert document.dead_links() == []


@pytest.mark.parametrize("page", sorted(REFERENCE["pages"]()))
def test_the_reference_says_what_the_code_does(page: str) -> None:
    written = (CHECKOUT / "docs/reference" / page).read_text("utf-8")

    assert written == REFERENCE["pages"]()[page], "run `make docs`"


def test_every_setting_says_what_it_means() -> None:
    meanings = REFERENCE["_meanings"](Settings)

    assert set(meanings) == set(Settings.model_fields)


def test_every_refusal_has_a_sentence() -> None:
    codes = {kind.code for kind in REFERENCE["_refusal_kinds"]()}

    assert codes - set(REFERENCE["_sentences"]()) == set()


def test_every_command_stands_in_a_guide() -> None:
    guides = [document for document in GUIDES if "reference" not in document.name]

    assert unmentioned([f"dacsan {name}" for name in find_commands()], guides) == []


def test_every_provider_and_library_explains_itself() -> None:
    folders = [CHECKOUT / "traceability", CHECKOUT / "integrations", *provider_folders()]

    silent = [folder.name for folder in folders if not (folder / "README.md").exists()]

    assert silent == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")

    assert "make run" in readme
    assert "make test" in readme


def test_the_readme_says_to_try_what_the_start_says_to_try() -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    opening = Opening("http://127.0.0.1:8000", sign_ins=[("office", "", "")], label_path="/01/")
    said = re.findall(r"^  (\d\. .+?)(?:: http\S+)?$", opening.text("vi"), re.MULTILINE)

    told = re.findall(r"^(\d\. .+?)\.?$", readme, re.MULTILINE)

    assert len(said) == 4
    assert told == [line.removesuffix(".") for line in said]


def test_the_guide_of_the_office_names_what_its_pages_say() -> None:
    with (CHECKOUT / "shop/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        shown = {message.id for message in read_po(file) if isinstance(message.id, str)}
    guide = (CHECKOUT / "docs/guides/office.md").read_text("utf-8").replace("**", "")

    named = {words for path in re.findall(r"\*([^*\n]+)\*", guide) for words in path.split(" → ")}

    assert len(named) > 15
    assert named - shown == set()


def test_make_has_every_target_that_a_document_names() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"(?:`|^\$ |^)make ([a-z]+)\b", document.text, re.MULTILINE)
    }

    assert named <= targets


def test_the_changelog_has_an_unreleased_part_with_the_four_kinds() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    unreleased = changelog.split("\n## ")[1]

    assert unreleased.startswith("Unreleased")
    assert set(re.findall(r"^### (.+)$", unreleased, re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Fixed",
        "Removed",
    }


def test_a_name_that_stands_in_no_document_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("`DACSAN_PORT` and dacsan run-all", encoding="utf-8")

    missing = unmentioned(
        ["DACSAN_PORT", "DACSAN_POR", "dacsan run"], [Document(tmp_path / "guide.md")]
    )

    assert missing == ["DACSAN_POR", "dacsan run"]


def test_the_changelog_tells_each_thing_once() -> None:
    lines = (CHECKOUT / "CHANGELOG.md").read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith("- ")]

    assert told
    assert len(told) == len(set(told))
