"""The desks at which the office decides what members sent: goods to approve, batches to weigh."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import Changed, NotFound, ShopError
from shop.forms import decision
from shop.forms.base import Fields
from shop.forms.ids import read_number
from shop.member_entries import photo_folder
from shop.models.catalog import PHOTO_WIDTHS
from shop.models.submissions import Submission, SubmissionKind
from shop.office import office_seller, show_for
from shop.pages import approvals as page
from shop.queries import submissions as queries
from shop.services import photos, submissions
from shop.services.permissions import Action
from shop.services.submissions import AlreadyDecided

Answer = Response | tuple[str, int] | str

TOO_LATE = (AlreadyDecided, Changed)
"""What a decision raises when somebody was quicker, or the member changed the entry."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Entries of one kind, and who may decide them.

    `show` makes the page of an entry of the entry, what was typed, the faults found in that and
    a sentence to put above.
    """

    kind: SubmissionKind
    action: Action
    show: Callable[[Submission, Mapping[str, str], Mapping[str, str], str], str]

    def waiting(self) -> list[tuple[str, str, str]]:
        """Return the entries that nobody has decided for the office's seller, oldest first."""
        seller = office_seller(self.action)
        return list(page.rows(queries.waiting(db.session(), seller.id, (self.kind,))))

    def entry(self, submission_id: int, *, locked: bool = False) -> Submission:
        """Return an entry that may be decided here; raise `NotFound` for any other."""
        one = queries.one(db.session(), submission_id, locked=locked)
        if one is None or one.kind is not self.kind or not one.understood:
            raise NotFound(f"submission {submission_id}")
        if not signing_in.actor().may(self.action, one.seller_id):
            raise NotFound(f"submission {submission_id}")
        show_for(one.seller)
        return one

    def page(self, submission_id: int) -> str:
        """Return the page of an entry."""
        return self.show(self.entry(submission_id), {}, {}, "")

    def photo(self, submission_id: int, width: int) -> Response:
        """Return the photo of an entry, before it is anybody's to see."""
        one = self.entry(submission_id)
        path = photos.staged(one.photo, width, folder=photo_folder())
        if width not in PHOTO_WIDTHS or path is None:
            raise NotFound
        return send_file(path)

    def send_back(self, submission_id: int) -> Answer:
        """Send an entry back with the reason of the form, which the member reads."""
        one = self.entry(submission_id, locked=True)
        fields = Fields(request.form)
        reason = decision.read_reason(fields, self.kind.value)
        if reason is None:
            return self.show(one, request.form, fields.faults, ""), 422
        by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
        try:
            submissions.return_to_member(db.session(), one, version=version(), reason=reason, **by)
        except TOO_LATE as late:
            return self.too_late(submission_id, late)
        db.session().commit()
        flash(_("Đã trả lại %(name)s.", name=page.sheet(one)["title"]))
        return redirect(url_for(".index"), 303)

    def too_late(self, submission_id: int, late: ShopError) -> Answer:
        """Say that somebody was quicker, or what changed, beside how the entry stands now."""
        db.session().rollback()
        return self.show(self.entry(submission_id), {}, {}, messages.sentence(late)), late.status


def version() -> int:
    """Return the version of the entry that the form was made for; 0 where it does not say."""
    return read_number(request.form.get("version", "")) or 0


def facts(
    one: Submission, typed: Mapping[str, str], faults: Mapping[str, str], notice: str
) -> dict[str, Any]:
    """Return what the page of an entry of either kind knows."""
    return page.sheet(one) | {
        "typed": typed,
        "faults": faults,
        "summary": [(name, str(decision.NAMES[name])) for name in faults],
        "reasons": decision.choices_of(one.kind.value),
        "notice_text": notice,
        "decided": page.decided(one),
    }
