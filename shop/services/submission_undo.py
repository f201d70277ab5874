"""Undoing what was sent to the office for a member: not once somebody decided or changed it."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import Changed
from shop.models.people import AuditEntry
from shop.models.submissions import Submission, SubmissionState
from shop.services import submissions
from shop.services.actors import Actor


class ApprovedSince(Changed):
    """The office has approved it: it is public, and only the office puts it right."""

    code = "approved_since"


def stands(session: Session, entry: AuditEntry) -> bool:
    """Return whether a draft that was begun, or what was sent, is as it was then."""
    submission = session.get_one(Submission, entry.subject_id)
    if entry.action == "submission_begun":
        return submission.state is SubmissionState.DRAFT
    return submission.state is SubmissionState.SENT and submission.sent_at == entry.at


def unmake(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Undo that a draft was begun: it is withdrawn. Raises `Changed` where it was sent since."""
    submission = _locked(session, entry)
    if not stands(session, entry):
        raise Changed(f"submission {submission.id} is {submission.state}")
    submissions.withdraw(session, submission, actor=actor, now=now)


def unsend(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Undo that something was sent: it is a draft again, which the office does not see.

    Raises `ApprovedSince`, and `Changed` where it came back, was taken back or sent again since.
    """
    submission = _locked(session, entry)
    if not stands(session, entry):
        raise Changed(f"submission {submission.id} is {submission.state}")
    submissions.take_back(session, submission, actor=actor, now=now)


def _locked(session: Session, entry: AuditEntry) -> Submission:
    submission = session.get_one(
        Submission, entry.subject_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if submission.state is SubmissionState.APPROVED:
        raise ApprovedSince(f"submission {submission.id}")
    return submission
