"""What machines ask: whether the process lives, whether it can work, and how much waits."""

import hmac
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shop import clock, db, schema
from shop.config import Settings
from shop.errors import NotFound
from shop.network import is_loopback
from shop.queries import log, outbox
from shop.signing_in import is_open

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@is_open
def alive() -> Response:
    """Say that this process answers; nothing else is looked at."""
    return _uncached(jsonify(status="ok"))


@bp.get("/readyz")
@is_open
def ready() -> tuple[Response, int]:
    """Say whether the database answers and has the tables of this release; 503 when not."""
    engine: Engine = current_app.extensions["dacsan_engine"]
    try:
        with engine.connect().execution_options(**db.READ_ONLY) as connection:
            tables = schema.state(connection)
    except SQLAlchemyError:
        return _uncached(jsonify(status="not ready", database="unreachable")), 503
    is_ready = tables == "current"
    answer = jsonify(status="ready" if is_ready else "not ready", database="ok", tables=tables)
    return _uncached(answer), 200 if is_ready else 503


@bp.get("/metrics")
@is_open
def metrics() -> Response:
    """Return figures for Prometheus: to this machine, or for the token of the settings.

    They all come from the database, so that each web process gives the same answer.
    """
    if not _may_see_metrics():
        raise NotFound("metrics are for this machine, or for the token")
    # imported late: it costs 15 MB, and many shops never ask
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    text = generate_latest(_figures(db.session()))
    return _uncached(Response(text, content_type=CONTENT_TYPE_LATEST))


def _may_see_metrics() -> bool:
    settings: Settings = current_app.extensions["dacsan_settings"]
    wanted = settings.metrics_token.get_secret_value()
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if wanted and scheme == "Bearer":
        return hmac.compare_digest(given.encode(), wanted.encode())
    # a proxy on this machine speaks for people elsewhere
    is_passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    return not is_passed_on and is_loopback(request.remote_addr or "")


def _figures(session: Session) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry, Gauge

    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Any:
        return Gauge(f"dacsan_{name}", text, labels, registry=registry)

    backlog = outbox.backlog(session)
    messages = gauge("outbox_messages", "Messages that are not sent.", "state")
    messages.labels("pending").set(backlog.pending)
    messages.labels("dead").set(backlog.dead)
    oldest = backlog.oldest_due_at
    late = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
    gauge("outbox_late_seconds", "How long the oldest message has been due.").set(late)
    finished = gauge("job_finished_timestamp_seconds", "When a job last ended.", "job")
    for job, finished_at in sorted(outbox.last_finished_runs(session).items()):
        finished.labels(job).set(finished_at.timestamp())
    gauge("log_leaves", "Entries of the transparency log.").set(log.size(session))
    return registry


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
