"""The page of a job: how far it is, and what could not be done."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from citynet.cities import policy as city_policy
from citynet.kit import jobs
from citynet.kit.doors import signed_in
from citynet.kit.errors import NotFound
from citynet.kit.page import number_from

bp = Blueprint("jobs", __name__, template_folder="../templates")


@bp.get("/jobs/<int:job_id>")
@login_required
@signed_in
def show(job_id: int) -> str:
    """Show a job to who began it and to the network's secretariat; to others there is none."""
    job = jobs.get(job_id)
    if job.actor_id != g.actor.person_id and not city_policy.can_manage_network(g.actor):
        raise NotFound
    failed_only = request.args.get("show") == "failed"
    page = jobs.items(job.id, number_from(request.args.get("page")), failed_only=failed_only)
    return render_template("admin/job.html", job=job, page=page, failed_only=failed_only)
