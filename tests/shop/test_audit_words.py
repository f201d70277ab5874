"""Everything that any act can write into the audit trail is read in words, in both languages."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

import shop
from shop.db import make_engine
from shop.forms.imports.kinds import ImportKind
from shop.forms.member_batch import BatchSaid
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.forms.seller_drafts import ContactDraft, DeliveryDraft
from shop.models.batches import BatchState, InputKind
from shop.models.catalog import ProductState
from shop.models.inventory import MovementKind
from shop.models.orders import DeliveryKind
from shop.models.payments import AttemptState, RefundWay
from shop.models.people import AuditEntry, GivenHow, Role
from shop.models.reviews import ReviewState
from shop.models.submissions import SubmissionKind, SubmissionState
from shop.pages import audit_acts, audit_choices, audit_fields
from shop.pages.audit_changes import UNTOLD, changes
from shop.services import product_snapshot
from shop.services.imports import member_work, product_drafts
from shop.services.imports.plan import RowAct
from tests.factories import NOW
from tests.support.audit_told import unread

TELLING = {"before", "after", "told", "said", "old", "new", "changed", "pairs"}
"""What dictionaries are called that go into the trail."""


def sources():
    """Return each module of the shop that writes down who did what, as a tree."""
    texts = [path.read_text("utf-8") for path in Path(shop.__file__).parent.rglob("*.py")]
    return [ast.parse(text) for text in texts if "audit(" in text]


def audit_calls():
    found = [
        node
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit"
    ]
    assert len(found) > 50
    return found


def acts_of(call):
    act = call.args[2]
    if isinstance(act, ast.Constant):
        return {act.value}
    if isinstance(act, ast.Name):
        return set(chosen_between(act.id))
    return STATES_TOLD[ast.unparse(act)]


STATES_TOLD = {
    "f'batch_{state}'": {f"batch_{one}" for one in (BatchState.HELD, BatchState.RECALLED)},
    "f'product_{state}'": {"product_published", "product_retired"},
    "f'submission_{state}'": {f"submission_{one}" for one in SubmissionState},
}
"""Acts that are named by a state."""


def chosen_between(name):
    """Yield the two acts that a name may stand for."""
    for tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign) or ast.unparse(node.targets[0]) != name:
                continue
            if isinstance(node.value, ast.IfExp):
                yield from (one.value for one in (node.value.body, node.value.orelse))


def values_told():
    """Yield the names in what stood before and after, where they are written out."""
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword):
                name, value = node.arg, node.value
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, node.value
            else:
                continue
            if name in TELLING and isinstance(value, ast.Dict):
                yield from (key.value for key in value.keys if isinstance(key, ast.Constant))


def entry(action, subject_kind="member", before=None, after=None):
    return AuditEntry(
        at=NOW, action=action, subject_kind=subject_kind, subject_id=1, before=before, after=after
    )


def shown(app, lang, one):
    """Return what the history says of the changes of an entry, in a language."""
    prefix = "/en" if lang == "en" else ""
    where = app.test_request_context("/", environ_overrides={"SCRIPT_NAME": prefix})
    with where, force_locale(lang):
        return [(change.name, change.old, change.new) for change in changes(one)]


def test_every_act_that_is_written_down_has_words_and_a_group():
    acts = {act for call in audit_calls() for act in acts_of(call)}

    assert acts - audit_acts.ACTS.keys() == set()
    assert {group for group, _words in audit_acts.ACTS.values()} == set(audit_acts.GROUPS)


DRAFTS = (ContactDraft, DeliveryDraft, MemberDraft, PlotDraft, BatchSaid)
STORED = (
    *product_snapshot.VALUES,
    *product_drafts.PRODUCT_VALUES,
    *member_work.MEMBER_VALUES,
    *member_work.PLOT_VALUES,
    *(act.value for act in RowAct),
)
"""Values that are taken over by name: the fields of drafts, the columns of imports."""


def test_every_value_that_is_written_down_has_a_name():
    written = set(values_told())
    drafts = {name for draft in DRAFTS for name in draft.__dataclass_fields__} - {"plots"}

    assert {"kind", "revoked_on", "reference", "tries", "on_hand"} <= written
    nameless = (written | drafts | set(STORED)) - audit_fields.FIELDS.keys() - UNTOLD
    assert nameless == set()


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (audit_choices.ROLES, Role),
        (audit_choices.GIVEN_HOW, GivenHow),
        (audit_choices.PRODUCT_STATES, ProductState),
        (audit_choices.BATCH_STATES, BatchState),
        (audit_choices.ATTEMPT_STATES, AttemptState),
        (audit_choices.REVIEW_STATES, ReviewState),
        (audit_choices.SUBMISSION_STATES, SubmissionState),
        (audit_choices.SUBMISSION_KINDS, SubmissionKind),
        (audit_choices.IMPORT_KINDS, ImportKind),
        (audit_choices.INPUT_KINDS, InputKind),
        (audit_choices.MOVEMENT_KINDS, MovementKind),
        (audit_choices.DELIVERY_KINDS, DeliveryKind),
        (audit_choices.REFUND_WAYS, RefundWay),
    ],
)
def test_every_code_of_a_kind_has_words(words, codes):
    assert set(words) == {one.value for one in codes}


def every_word(app, lang):
    """Return all words of acts, subjects, values and codes as a page in `lang` has them."""
    fields = [
        *audit_fields.FIELDS.values(),
        *audit_fields.OF_ACT.values(),
        *audit_fields.OF_SUBJECT.values(),
    ]
    words = [words for _group, words in audit_acts.ACTS.values()]
    words += [*audit_acts.SUBJECTS.values(), *audit_acts.GROUPS.values()]
    for field in fields:
        words += [field.words, *(field.choices or {}).values()]
    with app.test_request_context("/"), force_locale(lang):
        return [str(one) for one in words]


def test_no_name_of_a_value_is_shown_as_the_books_have_it(app):
    assert [word for word in every_word(app, "vi") if "_" in word or not word.strip()] == []


def test_every_word_of_the_history_has_its_english(app):
    words = [word.replace("’", "'") for word in every_word(app, "en")]

    assert [word for word in words if not word.isascii()] == []


def test_an_act_or_a_value_without_words_is_found():
    strange = entry("nothing_known", "stone", after={"colour": 1})
    half_known = entry("product_published", "product", after={"state": "pending"})

    assert len(unread(strange)) == 3
    assert unread(half_known) == ["state pending of product_published"]


@pytest.mark.parametrize(
    ("lang", "price", "day", "weight", "yes", "state"),
    [
        ("vi", "95.000\xa0₫", "05/11/2026", "12,5\xa0kg", "có", "được duyệt"),
        ("en", "95,000\xa0₫", "5 November 2026", "12.5\xa0kg", "yes", "approved"),
    ],
)
def test_values_are_shown_as_people_read_them(app, lang, price, day, weight, yes, state):
    told = {
        "state": "approved",
        "price_vnd": 95_000,
        "made_on": "2026-11-05",
        "quantity_g": 12_500,
        "is_chilled": True,
    }

    said = shown(app, lang, entry("submission_sent", "submission", after=told))

    assert [new for _name, _old, new in said] == [state, price, day, weight, yes]


def test_what_the_office_changed_stands_before_and_after(app):
    told = {"name": "Chè móc câu", "price_vnd": [90_000, 95_000]}

    said = shown(app, "vi", entry("submission_approved", "submission", after=told))

    assert ("giá", "90.000\xa0₫", "95.000\xa0₫") in said


def test_packs_that_stayed_the_same_are_not_told_again(app):
    before = {"name": "Chè", "packs": {"A-100": 50_000, "A-200": 90_000}}
    after = {"name": "Chè", "packs": {"A-100": 50_000, "A-200": 95_000}}

    said = shown(app, "vi", entry("product_changed", "product", before, after))

    assert said == [("giá các gói", "A-200: 90.000\xa0₫", "A-200: 95.000\xa0₫")]


def test_a_role_tells_which_and_until_when(app):
    until = datetime.fromisoformat("2026-11-22T03:00:00+00:00")
    before = {"role": "office", "until": None}
    after = {"until": (until + timedelta(hours=1)).isoformat()}

    said = shown(app, "vi", entry("role_revoked", "role_grant", before, after))

    assert said == [
        ("vai trò", "Văn phòng", ""),
        ("đến", "không có hạn", "11:00 22/11/2026"),
    ]


ODD = (None, True, 0, 5, "", "x", "2026-13-45", "2026-11-22Tx", [], ["a", 1], {}, {"A-1": 1})
"""What an older release, or a mistake, may have left in the trail."""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_value_of_any_shape_can_be_read(app, lang):
    fields = [*audit_fields.FIELDS.values(), *audit_fields.OF_ACT.values(), audit_fields.BY_SKU]
    fields += audit_fields.OF_SUBJECT.values()

    with app.test_request_context("/"), force_locale(lang):
        said = [field.shown(odd) for field in fields for odd in ODD]

    assert len(said) == len(fields) * len(ODD)
    assert {type(one) for one in said} == {str}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_entry_of_the_demo_is_told_in_words(app, demo_database_url, lang):
    engine = make_engine(demo_database_url)
    with Session(engine) as session, app.test_request_context("/"), force_locale(lang):
        entries = session.scalars(select(AuditEntry)).all()
        said = [(one, change) for one in entries for change in changes(one)]
        unreadable = [missing for one in entries for missing in unread(one)]
    engine.dispose()

    assert len(said) > 100
    assert unreadable == []
    assert {change.name for _one, change in said if "_" in change.name} == set()
