"""The audit log at the desk: filtered, exported, and its chain verified."""

from __future__ import annotations

from flask import flash, g, url_for
from werkzeug.utils import redirect

from citynet.admin import lists, queries
from citynet.admin.audit_lists import AUDIT
from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.kit import audit as log
from citynet.kit.doors import policy
from citynet.kit.errors import require
from citynet.kit.i18n import _, show_number


@bp.get("/audit")
@policy("can_use_desk")
def audit() -> Answer:
    """Show who did what: all of it, or what concerns a chapter's cities."""
    base = queries.acts(city_policy.administered_by(g.actor))
    head = queries.audit_head() if city_policy.can_manage_network(g.actor) else None
    return lists.answer(AUDIT, base, "admin/audit.html", head=head)


@bp.post("/audit/verify")
@policy("can_manage_network")
def verify_audit() -> Answer:
    """Walk the whole chain and tell whether it holds."""
    require(city_policy.can_manage_network(g.actor))
    report = log.verify()
    if report.fault is None:
        words = _("All %(number)s entries hold. The head is %(hash)s.",
                  number=show_number(report.entries), hash=report.head.hash)  # fmt: skip
        flash(words, "success")
    else:
        words = _("The log was tampered with: entry %(number)s does not hold. Keep the database as "
                  "it is and compare it with a backup.", number=report.broken_at)  # fmt: skip
        flash(words, "error")
    return redirect(url_for("admin.audit"))
