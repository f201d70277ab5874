"""Why a session is over, for the one browser that held it."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from shop.models.credentials import AccountRecovery, RecoveryState, SignInCard
from shop.models.people import AuditEntry, Member, SignIn
from shop.services import cards, sign_ins


class Ended(StrEnum):
    """What ended a session from elsewhere."""

    OFFICE_SET_PASSWORD = "office_set_password"  # noqa: S105 - the name of a reason
    OWN_PASSWORD = "own_password"  # noqa: S105 - the name of a reason
    CARD_REVOKED = "card_revoked"
    CARD_REPLACED = "card_replaced"
    CARD_TRIED = "card_tried"
    SIGNED_OUT_BY_OFFICE = "signed_out_by_office"
    NUMBER_CHANGED = "number_changed"


def why_ended(session: Session, token: str) -> Ended | None:
    """Return why the session behind `token` was ended from elsewhere; else nothing.

    What ends sessions does so at one moment with the act that the books tell.
    """
    row = session.scalars(
        select(SignIn).where(
            SignIn.token_hash == sign_ins.hash_token(token), SignIn.ended_at.is_not(None)
        )
    ).one_or_none()
    if row is None:
        return None
    recovered = select(AccountRecovery.id).where(
        AccountRecovery.account_id == row.account_id,
        AccountRecovery.state == RecoveryState.CONFIRMED,
        AccountRecovery.answered_at == row.ended_at,
        ~AccountRecovery.by_card,
    )
    if session.scalars(recovered).first() is not None:
        return Ended.OFFICE_SET_PASSWORD
    return _by_card(session, row) or _by_act(session, row)


def _by_card(session: Session, row: SignIn) -> Ended | None:
    card = session.get(SignInCard, row.card_id) if row.card_id is not None else None
    if card is None or card.revoked_at != row.ended_at:
        return None
    if card.wrong_pins >= cards.MOST_WRONG_PINS:
        return Ended.CARD_TRIED
    followed = select(SignInCard.id).where(
        SignInCard.account_id == card.account_id,
        SignInCard.created_at == card.revoked_at,
        SignInCard.id > card.id,
    )
    is_replaced = session.scalars(followed).first() is not None
    return Ended.CARD_REPLACED if is_replaced else Ended.CARD_REVOKED


def _by_act(session: Session, row: SignIn) -> Ended | None:
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.at == row.ended_at, _is_about(row)).limit(1)
    ).first()
    if entry is None:
        return None
    if entry.action == "member_sign_in_changed":
        return Ended.NUMBER_CHANGED
    if entry.action == "sessions_ended":
        return Ended.SIGNED_OUT_BY_OFFICE
    is_own = entry.actor_id == row.account_id
    return Ended.OWN_PASSWORD if is_own else Ended.OFFICE_SET_PASSWORD


def _is_about(row: SignIn) -> ColumnElement[bool]:
    members = select(Member.id).where(Member.account_id == row.account_id)
    return or_(
        and_(
            AuditEntry.subject_kind == "account",
            AuditEntry.subject_id == row.account_id,
            AuditEntry.action.in_(("password_set", "sessions_ended")),
        ),
        and_(AuditEntry.action == "member_sign_in_changed", AuditEntry.subject_id.in_(members)),
    )
