"""The doors to what is read and written: public pages, topics, cities, practices."""

TEXT = """
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
  indonesian          in 302 visitor=302-
  klingon             all 404
GET /static/<path:filename>
  no-file             all 404
GET /look-<digest>.css
  look                all 200
  no-look             all 404
GET /mark-<digest>.png
  mark                all 200
  no-look             all 404
GET /dev/mail
  -                   all 200
GET /dev/mail/<name>
  mail                all 200
  no-mail             all 404
GET /dev/mail/<name>/html
  mail                all 200
  no-mail             all 404

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
  draft               404     302      302  404   404    404       404     404      404         404
  submitted           404     302      302  404   404    404       404     404      302         302
  signed-off          404     302      302  404   404    404       404     404      302         302
  public              all 200
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-applicant        404     404      404  404   404    404       302     404      404         404
  of-suspended        all 200
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/draft
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  signed-off          404     200      200  404   404    404       404     404      200         200
  public              all 302
  members             404     302      302  302   302    404       404     404      302         302
  revised             302     200      200  302   302    302       302     302      302         302
  of-applicant        404     404      404  404   404    404       200     404      404         404
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/revisions
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  signed-off          404     200      200  404   404    404       404     404      200         200
  public              all 200
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-applicant        404     404      404  404   404    404       200     404      404         404
  draft-of-suspended  all 404
  nothing             all 404
GET /practices/<slug>/revisions/<int:number>
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  members             404     200      200  200   200    404       404     404      200         200
  superseded          404     200      200  404   404    404       404     404      404         404
  public              all 200
  revised             404     200      200  404   404    404       404     404      404         404
  no-revision         all 404

GET /work
  -                   in      200      200  200   200    200       200     200      302         302
GET /practices/new
  -                   in      200      200  200   200    403       200     403      403         403
POST /practices/new
  -                   in      302      302  302   302    403       302     403      403         403
  no-title            in      422      422  422   422    403       422     403      403         403
GET /practices/<slug>/edit
  draft               in      200      200  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  public              in      200      200  403   403    403       403     403      403         403
  members             in      200      200  403   403    404       404     404      403         403
  revised             in      200      200  403   403    403       403     403      403         403
  of-applicant        in      404      404  404   404    404       200     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/edit
  draft               in      302      302  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  public              in      302      302  403   403    403       403     403      403         403
  members             in      302      302  403   403    404       404     404      403         403
  revised             in      302      302  403   403    403       403     403      403         403
  of-applicant        in      404      404  404   404    404       302     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  stale               in      409      409  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/submit
  draft               in      302      302  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  public              in      409      409  404   404    404       404     404      403         403
  members             in      409      409  404   404    404       404     404      403         403
  revised             in      302      302  404   404    404       404     404      403         403
  unanswered          in      422      422  404   404    404       404     404      404         404
  of-applicant        in      404      404  404   404    404       403     404      404         404
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/sign-off
  draft               in      403      409  404   404    404       404     404      404         404
  submitted           in      403      302  404   404    404       404     404      403         403
  by-lead-alone       in      403      403  404   404    404       404     404      403         403
  signed-off          in      403      409  404   404    404       404     404      403         403
  public              in      403      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/send-back
  draft               in      403      409  404   404    404       404     404      404         404
  submitted           in      403      302  404   404    404       404     404      302         302
  signed-off          in      403      403  404   404    404       404     404      302         302
  public              in      403      409  404   404    404       404     404      409         409
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/publish
  draft               in      403      403  404   404    404       404     404      404         404
  submitted           in      403      403  404   404    404       404     404      409         409
  signed-off          in      403      403  404   404    404       404     404      302         302
  public              in      403      403  404   404    404       404     404      409         409
  nothing             in      404      404  404   404    404       404     404      404         404
"""
