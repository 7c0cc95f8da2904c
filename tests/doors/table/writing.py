"""The doors of those who write: the editor, files, documents of Word, older texts."""

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secret. chapter

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
  withdrawn-public    in      200      200  404   404    404       404     404      403         403
  sent-back           in      200      200  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/edit/<key>
  leftover-part       in      200+     200+ 403   403    403       403     403      403         403
  contact-part        in      200+     200+ 403   403    403       403     403      403         403
  draft               in      200+     200+ 404   404    404       404     404      404         404
  no-part             in      404      404  404   404    404       404     404      404         404
  no-part-of-public   in      404      404  403   403    403       403     403      403         403
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  members             in      200+     200+ 403   403    404       404     404      403         403
  revised             in      200+     200+ 403   403    403       403     403      403         403
  of-applicant        in      404      404  404   404    404       200+    404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  withdrawn-public    in      200+     200+ 404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/edit/<key>
  draft               in      302      302  404   404    404       404     404      404         404
  no-part             in      404      404  404   404    404       404     404      404         404
  untitled            in      422      422  404   404    404       404     404      404         404
  stale               in      409      409  404   404    404       404     404      404         404
  another-row         in      200      200  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  signed-off          in      409      409  404   404    404       404     404      403         403
  public              in      302      302  403   403    403       403     403      403         403
  members             in      302      302  403   403    404       404     404      403         403
  revised             in      302      302  403   403    403       403     403      403         403
  of-applicant        in      404      404  404   404    404       302     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  withdrawn-public    in      302      302  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/edit/<key>/autosave
  draft               in      200+     200+ 404   404    404       404     404      404         404
  no-part             in      404      404  404   404    404       404     404      404         404
  untitled            in      422      422  404   404    404       404     404      404         404
  stale               in      409      409  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  public              in      200+     200+ 403   403    403       403     403      403         403
  members             in      200+     200+ 403   403    404       404     404      403         403
  of-applicant        in      404      404  404   404    404       200+    404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/revisions/<int(max=999999):number>/restore
  superseded          in      302      302  404   404    404       404     404      404         404
  restored-stale      in      409      409  404   404    404       404     404      404         404
  public              in      302      302  403   403    403       403     403      403         403
  members             in      302      302  403   403    404       404     404      403         403
  submitted           in      409      409  404   404    404       404     404      403         403
  no-revision         in      404      404  404   404    404       404     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  withdrawn-public    in      302      302  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404

GET /practices/<slug>/files
  draft               in      200      200  404   404    404       404     404      404         404
  submitted           in      200      200  404   404    404       404     404      403         403
  public              in      200      200  403   403    403       403     403      403         403
  members             in      200      200  403   403    404       404     404      403         403
  revised             in      200      200  403   403    403       403     403      403         403
  of-applicant        in      404      404  404   404    404       200     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/files
  draft               in      302      302  404   404    404       404     404      404         404
  nothing-sent        in      422      422  404   404    404       404     404      404         404
  no-picture-sent     in      422      422  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  public              in      302      302  403   403    403       403     403      403         403
  members             in      302      302  403   403    404       404     404      403         403
  of-applicant        in      404      404  404   404    404       302     404      404         404
  of-suspended        in      403      403  403   403    403       403     403      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/files/<key>
  picture-of-draft    in      302      302  404   404    404       404     404      404         404
  stale-picture       in      409      409  404   404    404       404     404      404         404
  wordless-picture    in      422      422  404   404    404       404     404      404         404
  picture             in      302      302  403   403    403       403     403      403         403
  other's-picture     in      409      409  403   403    403       403     403      403         403
  picture-submitted   in      409      409  404   404    404       404     404      403         403
  picture-members     in      302      302  403   403    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/files/<key>/remove
  picture-of-draft    in      200      200  404   404    404       404     404      404         404
  picture             in      200      200  403   403    403       403     403      403         403
  other's-picture     in      404      404  403   403    403       403     403      403         403
  picture-members     in      200      200  403   403    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/files/<key>/remove
  picture-of-draft    in      302      302  404   404    404       404     404      404         404
  picture             in      302      302  403   403    403       403     403      403         403
  other's-picture     in      302-     302- 403   403    403       403     403      403         403
  picture-submitted   in      409      409  404   404    404       404     404      403         403
  picture-members     in      302      302  403   403    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404

GET /practices/new/word
  -                   in      200      200  200   200    403       200     403      403         403
POST /practices/new/word
  -                   in      302      302  302   302    403       302     403      403         403
  new-without-text    in      422      422  422   422    403       422     403      403         403
GET /practices/<slug>/word
  draft               in      200      200  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  public              in      200      200  403   403    403       403     403      403         403
  members             in      200      200  403   403    404       404     404      403         403
  of-applicant        in      404      404  404   404    404       200     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/word
  draft               in      302      302  404   404    404       404     404      404         404
  no-text             in      422      422  404   404    404       404     404      404         404
  submitted           in      409      409  404   404    404       404     404      403         403
  public              in      302      302  403   403    403       403     403      403         403
  members             in      302      302  403   403    404       404     404      403         403
  of-applicant        in      404      404  404   404    404       302     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/word/<int:preview_id>
  word                in      200      404  404   404    403       404     403      403         403
  word-of-draft       in      200      404  404   404    403       404     403      403         403
  word-of-lead        in      404      200  404   404    403       404     403      403         403
  word-of-moved       in      404      404  404   404    403       404     403      403         403
  lead's-list         in      404      404  404   404    403       404     403      403         403
  nothing             in      404      404  404   404    403       404     403      403         403
POST /practices/word/<int:preview_id>
  word                in      302      404  404   404    403       404     403      403         403
  word-of-draft       in      302      404  404   404    403       404     403      403         403
  word-of-lead        in      404      302  404   404    403       404     403      403         403
  word-of-moved       in      404      404  404   404    403       404     403      403         403
  lead's-list         in      404      404  404   404    403       404     403      403         403
  nothing             in      404      404  404   404    403       404     403      403         403
"""
