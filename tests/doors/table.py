"""The one table of all doors: what each role is answered, at each route, for each object.

It says product.md's table in answers: visible but forbidden 403, hidden 404, `in` where a sign-in
is asked for first; 302 is a command that was done, or a way on. A line names an object of
`tests/doors/network.py`; `-` is a route that takes none. `all` stands for every role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.network import ROLES

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secretariat

GET /
  -                   all 200
GET /about
  -                   all 200
GET /styleguide
  -                   all 200
GET /healthz
  -                   all 200
GET /readyz
  -                   all 503
POST /language
  indonesian          all 302
  klingon             all 404
GET /static/<path:filename>
  no-file             all 404

GET /search
  -                   all 200
GET /search/suggest
  -                   all 200
GET /topics/
  -                   all 200
GET /topics/<slug>
  waste               all 200
  nothing             all 404
GET /cities/
  -                   all 200
GET /cities/<slug>
  sidoarjo            all 200
  applicant           all 200
  suspended           all 200
  nothing             all 404
GET /practices/
  -                   all 200

GET /practices/<slug>
  draft               404     302      302  404   404    404       404     404      404
  submitted           404     302      302  404   404    404       404     404      302
  signed-off          404     302      302  404   404    404       404     404      302
  public              all 200
  members             404     200      200  200   200    404       404     404      200
  revised             all 200
  of-applicant        404     404      404  404   404    404       302     404      404
  of-suspended        all 200
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/draft
  draft               404     200      200  404   404    404       404     404      404
  submitted           404     200      200  404   404    404       404     404      200
  signed-off          404     200      200  404   404    404       404     404      200
  public              all 302
  members             404     302      302  302   302    404       404     404      302
  revised             302     200      200  302   302    302       302     302      302
  of-applicant        404     404      404  404   404    404       200     404      404
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/revisions
  draft               404     200      200  404   404    404       404     404      404
  submitted           404     200      200  404   404    404       404     404      200
  signed-off          404     200      200  404   404    404       404     404      200
  public              all 200
  members             404     200      200  200   200    404       404     404      200
  revised             all 200
  of-applicant        404     404      404  404   404    404       200     404      404
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/revisions/<int:number>
  draft               404     200      200  404   404    404       404     404      404
  submitted           404     200      200  404   404    404       404     404      200
  members             404     200      200  200   200    404       404     404      200
  superseded          404     200      200  404   404    404       404     404      404
  public              all 200
  revised             404     200      200  404   404    404       404     404      404
  no-revision         all 404

GET /work
  -                   in      200      200  200   200    200       200     200      302
GET /practices/new
  -                   in      200      200  200   200    403       200     403      403
POST /practices/new
  -                   in      302      302  302   302    403       302     403      403
  no-title            in      422      422  422   422    403       422     403      403
GET /practices/<slug>/edit
  draft               in      200      200  404   404    404       404     404      404
  submitted           in      409      409  404   404    404       404     404      403
  signed-off          in      409      409  404   404    404       404     404      403
  public              in      200      200  403   403    403       403     403      403
  members             in      200      200  403   403    404       404     404      403
  revised             in      200      200  403   403    403       403     403      403
  of-applicant        in      404      404  404   404    404       200     404      404
  of-suspended        in      403      403  403   403    403       403     403      403
  draft-of-suspended  in      404      404  404   404    404       404     404      404
  nothing             in      404      404  404   404    404       404     404      404
POST /practices/<slug>/edit
  draft               in      302      302  404   404    404       404     404      404
  submitted           in      409      409  404   404    404       404     404      403
  signed-off          in      409      409  404   404    404       404     404      403
  public              in      302      302  403   403    403       403     403      403
  members             in      302      302  403   403    404       404     404      403
  revised             in      302      302  403   403    403       403     403      403
  of-applicant        in      404      404  404   404    404       302     404      404
  of-suspended        in      403      403  403   403    403       403     403      403
  draft-of-suspended  in      404      404  404   404    404       404     404      404
  stale               in      409      409  404   404    404       404     404      404
  nothing             in      404      404  404   404    404       404     404      404
POST /practices/<slug>/submit
  draft               in      302      302  404   404    404       404     404      404
  submitted           in      409      409  404   404    404       404     404      403
  signed-off          in      409      409  404   404    404       404     404      403
  public              in      409      409  404   404    404       404     404      403
  members             in      409      409  404   404    404       404     404      403
  revised             in      302      302  404   404    404       404     404      403
  unanswered          in      422      422  404   404    404       404     404      404
  of-applicant        in      404      404  404   404    404       403     404      404
  draft-of-suspended  in      404      404  404   404    404       404     404      404
  nothing             in      404      404  404   404    404       404     404      404
POST /practices/<slug>/sign-off
  draft               in      403      409  404   404    404       404     404      404
  submitted           in      403      302  404   404    404       404     404      403
  by-lead-alone       in      403      403  404   404    404       404     404      403
  signed-off          in      403      409  404   404    404       404     404      403
  public              in      403      409  404   404    404       404     404      403
  nothing             in      404      404  404   404    404       404     404      404
POST /practices/<slug>/send-back
  draft               in      403      409  404   404    404       404     404      404
  submitted           in      403      302  404   404    404       404     404      302
  signed-off          in      403      403  404   404    404       404     404      302
  public              in      403      409  404   404    404       404     404      409
  nothing             in      404      404  404   404    404       404     404      404
POST /practices/<slug>/publish
  draft               in      403      403  404   404    404       404     404      404
  submitted           in      403      403  404   404    404       404     404      409
  signed-off          in      403      403  404   404    404       404     404      302
  public              in      403      403  404   404    404       404     404      409
  nothing             in      404      404  404   404    404       404     404      404

GET /sign-in
  -                   200     302      302  302   302    302       302     302      302
POST /sign-in
  right               all 302
  wrong               all 422
POST /sign-out
  -                   all 302
GET /account
  -                   in      200      200  200   200    200       200     200      200
POST /account/sessions/<int:sign_in_id>/revoke
  own                 in      302      302  302   302    302       302     302      302
  somebody's          in      404      404  404   404    404       404     404      404

GET /admin/
  -                   in      403      403  403   403    403       403     403      200
GET /admin/memberships
  -                   in      403      403  403   403    403       403     403      200
GET /admin/memberships/new
  -                   in      403      403  403   403    403       403     403      200
GET /admin/memberships/new/<slug>
  outsider            in      403      403  403   403    403       403     403      200
  sidoarjo            in      403      403  403   403    403       403     403      302
  nothing             in      403      403  403   403    403       403     403      404
POST /admin/memberships/new/<slug>
  outsider            in      403      403  403   403    403       403     403      302
  sidoarjo            in      403      403  403   403    403       403     403      409
  nothing             in      403      403  403   403    403       403     403      404
GET /admin/memberships/<slug>
  sidoarjo            in      403      403  403   403    403       403     403      200
  outsider            in      403      403  403   403    403       403     403      404
  nothing             in      403      403  403   403    403       403     403      404
GET /admin/memberships/<slug>/<any(active, suspended, lapsed, ended):after>
  suspend-sidoarjo    in      403      403  403   403    403       403     403      200
  suspend-nothing     in      403      403  403   403    403       403     403      404
POST /admin/memberships/<slug>/<any(active, suspended, lapsed, ended):after>
  admit-applicant     in      403      403  403   403    403       403     403      302
  suspend-sidoarjo    in      403      403  403   403    403       403     403      302
  restore-suspended   in      403      403  403   403    403       403     403      302
  end-sidoarjo        in      403      403  403   403    403       403     403      302
  admit-sidoarjo      in      403      403  403   403    403       403     403      409
  without-reason      in      403      403  403   403    403       403     403      422
  suspend-nothing     in      403      403  403   403    403       403     403      404
GET /admin/reviews
  -                   in      403      403  403   403    403       403     403      200
GET /admin/effects
  -                   in      403      403  403   403    403       403     403      200
POST /admin/effects/<int:effect_id>/rerun
  waiting             in      403      403  403   403    403       403     403      302
  no-effect           in      403      403  403   403    403       403     403      404
"""


@dataclass(frozen=True)
class Door:
    """One line of the table: a request to a route about an object."""

    method: str
    rule: str
    thing: str
    answers: dict[str, str]

    def __str__(self) -> str:
        """Name the line."""
        return f"{self.method} {self.rule} {self.thing}"


def doors() -> Iterator[Door]:
    """Yield the lines of the table."""
    method = rule = ""
    for line in TEXT.splitlines():
        if line.startswith(("GET ", "POST ")):
            method, rule = line.split(" ", 1)
        elif line.startswith("  "):
            thing, *codes = line.split()
            if codes[0] == "all":
                codes = codes[1:] * len(ROLES)
            yield Door(method, rule, thing, dict(zip(ROLES, codes, strict=True)))


DOORS = list(doors())
