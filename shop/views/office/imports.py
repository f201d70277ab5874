"""Bringing in a file: send it, look at what it would do, confirm, take it back."""

from datetime import date
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, messages_forms, signing_in
from shop.errors import Changed, NotFound
from shop.forms.base import Fields
from shop.forms.imports.kinds import TITLES, ImportKind
from shop.forms.imports.readers import read_day
from shop.forms.tables import MOST_BYTES, FileRefused
from shop.models.catalog import Seller
from shop.models.imports import ImportRun
from shop.office import office_seller, show_for
from shop.pages import import_templates
from shop.pages import imports as page
from shop.queries import imports as reading
from shop.queries import sellers
from shop.security import limiter
from shop.services.imports import running, undoing, waiting
from shop.services.permissions import Action

bp = Blueprint("office_imports", __name__, url_prefix="/quan-ly/nhap-tep")

KINDS = 'any("products","members","batches")'
SHOWN = 200
"""Rows that the page shows; the summary counts all of them."""


@bp.get("")
@signing_in.needs(Action.IMPORT_ROWS)
def index() -> str:
    """Choose a file; what was brought in before."""
    office_seller(Action.IMPORT_ROWS)
    return _start({}, request.args.get("loai", ""))


@bp.post("")
@limiter.limit("60/minute")
@signing_in.needs(Action.IMPORT_ROWS)
def send() -> Response | tuple[str, int]:
    """Put a file aside and lead to what it would do."""
    seller = office_seller(Action.IMPORT_ROWS)
    kind, upload = _kind(request.form.get("kind", "")), request.files.get("file")
    faults = {}
    if kind is None:
        faults["kind"] = _("Chọn tệp có gì bên trong.")
    if upload is None or not upload.filename:
        faults["file"] = messages_forms.sentence_for("file_missing", {})
        return _start(faults, request.form.get("kind", "")), 422
    upload.stream.seek(0)  # the request may be answered a second time
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        values = {"megabytes": MOST_BYTES // 1024 // 1024}
        faults["file"] = messages_forms.sentence_for("file_too_large", values)
    if faults or kind is None:
        return _start(faults, request.form.get("kind", "")), 422
    name = Path(upload.filename.replace("\\", "/")).name[:120]
    about = waiting.WaitingFile(kind.value, name, seller.id, _account_id())
    token = waiting.keep(content, about, folder=_folder())
    return redirect(url_for(".look", token=token), 303)


@bp.get("/mau/<" + KINDS + ':kind>.<any("csv","xlsx"):ending>')
@signing_in.needs(Action.IMPORT_ROWS)
def template(kind: str, ending: str) -> Response:
    """A file with the right columns and two rows as an example."""
    office_seller(Action.IMPORT_ROWS)
    content, content_type = import_templates.template(ImportKind(kind), ending)
    response = make_response(content)
    response.headers["Content-Type"] = content_type
    name = f"mau-{import_templates.FILE_NAMES[ImportKind(kind)]}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<token>")
@signing_in.needs(Action.IMPORT_ROWS)
def look(token: str) -> str | tuple[str, int]:
    """What a file would do; nothing is written."""
    seller, wanted = _waiting(token, Fields(request.args))
    return _preview(token, seller, wanted, Fields(request.args))


@bp.post("/<token>")
@signing_in.needs(Action.IMPORT_ROWS)
def confirm(token: str) -> Response | str | tuple[str, int]:
    """Bring a file in, as it was looked at."""
    fields = Fields(request.form)
    seller, wanted = _waiting(token, fields)
    consent = running.Consent(
        request.form.getlist("tick"),
        request.form.get("rows") == "good",
        request.form.get("fingerprint", ""),
    )
    by: dict[str, Any] = {
        "token": token, "actor": signing_in.actor(), "now": clock.now(), "today": clock.today(),
    }  # fmt: skip
    session = db.session()
    try:
        with db.reading() as ahead:
            prepared = running.prepare(ahead, seller, wanted, **by)
        outcome = running.bring_in(session, seller, wanted, consent, prepared=prepared, **by)
    except (running.RowsRefused, running.TicksMissing, Changed) as refused:
        session.rollback()
        notice = messages.sentence(refused)
        if isinstance(refused, Changed):
            notice = _("Hàng trong sổ vừa đổi. Xem lại bên dưới rồi bấm lần nữa.")
        return _preview(token, seller, wanted, fields, notice=notice, status=refused.status)
    except FileRefused:
        session.rollback()
        return _preview(token, seller, wanted, fields)
    session.commit()
    if outcome.run is None:
        flash(_("Mọi dòng trong tệp đã có sẵn, không ghi gì thêm."))
        return redirect(url_for(".index"), 303)
    flash(_("Đã nhập tệp %(name)s.", name=outcome.run.file_name))
    return redirect(url_for(".show", run_id=outcome.run.id), 303)


@bp.get("/lan/<int:run_id>")
@signing_in.needs(Action.IMPORT_ROWS)
def show(run_id: int) -> str:
    """What a run did, and what of it could not be taken back."""
    run = _run(run_id)
    return render_template(
        "office/imports/show.html",
        run=run,
        title=TITLES[ImportKind(run.kind)],
        kept=page.kept(run.rows),
        can_be_undone=run.undone_at is None
        and clock.now() - run.imported_at <= undoing.UNDO_WITHIN,
        days=undoing.UNDO_WITHIN.days,
    )


@bp.post("/lan/<int:run_id>/rut-lai")
@signing_in.needs(Action.IMPORT_ROWS)
def undo(run_id: int) -> Response:
    """Take a run back."""
    run = _run(run_id)
    undoing.undo(db.session(), run, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã rút lại lần nhập tệp."))
    return redirect(url_for(".show", run_id=run_id), 303)


def _start(faults: dict[str, str], chosen: str) -> str:
    seller = office_seller(Action.IMPORT_ROWS)
    runs = reading.runs(db.session(), seller.id)
    return render_template(
        "office/imports/index.html",
        faults=faults,
        chosen=chosen,
        kinds=[(kind.value, title) for kind, title in TITLES.items()],
        titles={kind.value: title for kind, title in TITLES.items()},
        runs=runs,
        summary=[(name, {"kind": _("tệp có gì"), "file": _("tệp")}[name]) for name in faults],
    )


def _preview(
    token: str,
    seller: Seller,
    wanted: running.Wanted,
    fields: Fields,
    *,
    notice: str = "",
    status: int = 200,
) -> str | tuple[str, int]:
    facts: dict[str, Any] = {
        "token": token,
        "wanted": wanted,
        "title": TITLES[wanted.kind],
        "fields": fields,
        "notice_text": notice,
    }
    actor = signing_in.actor()
    try:
        with db.reading() as session:
            plan = running.look(session, seller, wanted, actor=actor, today=clock.today())
            before = reading.run_of_file(session, seller.id, wanted.kind.value, wanted.digest)
    except FileRefused as refused:
        facts |= {
            "refusal": messages_forms.sentence(refused),
            "sheets": refused.values.get("names", []),
        }
        return render_template("office/imports/refused.html", **facts), 422
    ticked = request.form.getlist("tick")
    body = render_template(
        "office/imports/look.html",
        plan=plan,
        summary=page.summary(plan),
        rows=[
            (
                row,
                page.ACTS[row.act],
                page.TONES.get(row.act, ""),
                page.differences(wanted.kind, row),
            )
            for row in plan.rows[:SHOWN]
        ],
        more=max(0, len(plan.rows) - SHOWN),
        ticked=ticked,
        unanswered=status != 200,
        has_stock=wanted.kind is ImportKind.PRODUCTS and "stock" in plan.file.header.places,
        before=before,
        **facts,
    )
    return (body, status) if status != 200 or fields.faults else body


def _waiting(token: str, fields: Fields) -> tuple[Seller, running.Wanted]:
    """Return the file that waits, for its seller, as the fields say it is to be read."""
    found = waiting.find(token, account_id=_account_id(), folder=_folder())
    if found is None:
        raise NotFound(f"no file waits as {token}")
    about, content = found
    allowed = signing_in.actor().sellers(Action.IMPORT_ROWS)
    seller = next(
        (one for one in sellers.by_id(db.session(), allowed) if one.id == about.seller_id), None
    )
    if seller is None:
        raise NotFound(f"no seller {about.seller_id}")
    show_for(seller)
    made_on: date | None = None
    if fields.typed("stock_made_on").strip():
        today = clock.today()
        made_on = fields.read("stock_made_on", read_day, today=today, latest=today)
    kind = ImportKind(about.kind)
    sheet = fields.typed("sheet")
    return seller, running.Wanted(kind, content, about.file_name, sheet, made_on)


def _run(run_id: int) -> ImportRun:
    run = reading.run(db.session(), run_id)
    if run is None or not signing_in.actor().may(Action.IMPORT_ROWS, run.seller_id):
        raise NotFound(f"run {run_id}")
    show_for(run.seller)
    return run


def _kind(name: str) -> ImportKind | None:
    return next((kind for kind in ImportKind if kind.value == name), None)


def _account_id() -> int:
    account_id = signing_in.actor().account_id
    if account_id is None:
        raise NotFound
    return account_id


def _folder() -> Path:
    var: Path = current_app.extensions["dacsan_settings"].var
    return var.resolve() / "imports_waiting"
