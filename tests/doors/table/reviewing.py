"""The doors of those who decide on a text: submit, review, plan, withdraw, trust; and answer."""

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secret. chapter

POST /practices/<slug>/submit
  draft               in      302      302  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  public              in      409      409  404   404    404       404     404      403         403
  members             in      409      409  404   404    404       404     404      403         403
  revised             in      302      302  404   404    404       404     404      403         403
  unanswered          in      302-     302- 404   404    404       404     404      404         404
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
POST /practices/<slug>/unschedule
  planned             in      403      403  404   404    404       404     404      302         302
  signed-off          in      403      403  404   404    404       404     404      409         409
  public              in      403      403  404   404    404       404     404      409         409
  draft               in      403      403  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/comments
  submitted           in      403      302  404   404    404       404     404      302         302
  about-no-field      in      403      422  404   404    404       404     404      422         422
  without-comment     in      403      422  404   404    404       404     404      422         422
  signed-off          in      403      403  404   404    404       404     404      302         302
  draft               in      403      409  404   404    404       404     404      404         404
  public              in      403      409  404   404    404       404     404      409         409
  of-applicant        in      404      404  404   404    404       403     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/comments/<int(max=2147483647):comment_id>/resolve
  comment             in      403      302  404   404    404       404     404      302         302
  sent-back           in      302      302  404   404    404       404     404      404         404
  comment-elsewhere   in      403      404  404   404    404       404     404      404         404
  no-comment          in      403      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/reviewer
  submitted           in      403      403  404   404    404       404     404      302         302
  to-a-stranger       in      403      403  404   404    404       404     404      422         422
  planned             in      403      403  404   404    404       404     404      302         302
  assigned-before     in      403      403  404   404    404       404     404      409         409
  draft               in      403      403  404   404    404       404     404      404         404
  public              in      403      403  404   404    404       404     404      409         409
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/withdraw
  public              in      403      200  403   403    403       403     403      200         200
  members             in      403      200  403   403    404       404     404      200         200
  of-suspended        in      403      403  403   403    403       403     403      200         403
  draft               in      404      404  404   404    404       404     404      404         404
  withdrawn-public    in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/withdraw
  public              in      403      302  403   403    403       403     403      302         302
  withdrawn-wordless  in      403      422  403   403    403       403     403      422         422
  members             in      403      302  403   403    404       404     404      302         302
  of-suspended        in      403      403  403   403    403       403     403      302         403
  withdrawn-public    in      403      409  403   403    403       403     403      409         409
  withdrawn-members   in      403      409  403   403    404       404     404      409         409
  draft               in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/bring-back
  withdrawn-public    in      403      403  403   403    403       403     403      302         302
  withdrawn-members   in      403      403  403   403    404       404     404      302         302
  public              in      403      409  403   403    403       403     403      409         409
  draft               in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404

GET /still-running/<secret>
  question            all 200
  question-of-members all 200
  question-answered   all 200
  question-over       all 410
  question-of-withdrawn all 410
  no-question         all 404
POST /still-running/<secret>
  question            all 302
  question-of-members all 302
  no-answer           all 422
  stopped-wordless    all 422
  question-answered   all 409
  question-over       all 410
  question-of-withdrawn all 410
  no-question         all 404

GET /admin/reviews/trust
  -                   desk 200 200
POST /admin/reviews/trust
  sidoarjo            desk 302 302
  trusted-wordless    desk 422 422
  for-seoul           desk 409 422
  for-nothing         desk 422 422
POST /admin/reviews/trust/<slug>/end
  seoul               desk 302 404
  sidoarjo            desk 409 409
  nothing             desk 404 404
"""
