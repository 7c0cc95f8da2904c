"""The doors of a practice's language versions: the translator's, the reviewers', the readers'."""

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secret. chapter

GET /practices/<slug>/in/<any(en, id):language>
  told                all 200
  told-in-english     all 200
  told-in-klingon     all 404
  untold              all 404
  told-draft          all 404
  told-submitted      all 404
  told-signed-off     all 404
  told-behind         all 404
  told-taken-down     all 404
  told-members        404     200      200  200   200    404       404     404      200         200
  told-of-suspended   all 200
  told-withdrawn      all 410
  withdrawn-members   404     410      410  410   410    404       404     404      410         410
  draft               all 404
  draft-in-english    all 404
  nothing             all 404

GET /practices/<slug>/translations
  untold              in      200      200  403   403    403       403     403      200         200
  told                in      200      200  403   403    403       403     403      200         200
  told-draft          in      200      200  403   403    403       403     403      200         200
  told-members        in      200      200  403   403    404       404     404      200         200
  told-of-suspended   in      403      403  403   403    403       403     403      200         403
  told-withdrawn      in      200      200  404   404    404       404     404      200         200
  draft               in      200      200  404   404    404       404     404      404         404
  submitted           in      200      200  404   404    404       404     404      200         200
  of-applicant        in      404      404  404   404    404       200     404      404         404
  draft-of-suspended  in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations
  untold              in      302      302  403   403    403       403     403      403         403
  told                in      302      302  403   403    403       403     403      403         403
  told-draft          in      302-     302- 403   403    403       403     403      403         403
  told-submitted      in      409      409  403   403    403       403     403      403         403
  told-in-klingon     in      404      404  403   403    403       403     403      403         403
  told-in-english     in      404      404  403   403    403       403     403      403         403
  told-members        in      302      302  403   403    404       404     404      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  told-withdrawn      in      409      409  404   404    404       404     404      403         403
  draft               in      409      409  404   404    404       404     404      404         404
  of-applicant        in      404      404  404   404    404       409     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404

GET /practices/<slug>/translations/<language>
  told                in      200      200  403   403    403       403     403      200         200
  told-behind         in      200      200  404   404    404       404     404      404         404
  told-draft          in      200      200  404   404    404       404     404      404         404
  what-it-lacks       in      200      200  404   404    404       404     404      404         404
  told-submitted      in      200      200  404   404    404       404     404      200         200
  told-signed-off     in      200      200  404   404    404       404     404      200         200
  told-alone          in      200      200  404   404    404       404     404      200         200
  told-members        in      200      200  403   403    404       404     404      200         200
  told-of-suspended   in      403      403  403   403    403       403     403      200         403
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  told-in-english     in      404      404  404   404    404       404     404      404         404
  told-in-klingon     in      404      404  404   404    404       404     404      404         404
  untold              in      404      404  404   404    404       404     404      404         404
  begun-of-suspended  in      404      404  404   404    404       404     404      404         404
  told-taken-down     in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/translations/<language>/<key>
  told-draft          in      200      200  404   404    404       404     404      404         404
  told-behind         in      200      200  404   404    404       404     404      404         404
  no-part-told        in      404      404  404   404    404       404     404      404         404
  no-words-to-tell    in      404      404  404   404    404       404     404      404         404
  told-submitted      in      409      409  404   404    404       404     404      403         403
  told-signed-off     in      409      409  404   404    404       404     404      403         403
  told                in      302      302  403   403    403       403     403      403         403
  told-members        in      302      302  403   403    404       404     404      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  untold              in      404      404  404   404    404       404     404      404         404
  begun-of-suspended  in      404      404  404   404    404       404     404      404         404
  told-taken-down     in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/<key>
  told-draft          in      302      302  403   403    403       403     403      403         403
  told-untitled       in      422      422  403   403    403       403     403      403         403
  told-stale          in      409      409  403   403    403       403     403      403         403
  told-of-other-text  in      409      409  403   403    403       403     403      403         403
  no-part-told        in      404      404  403   403    403       403     403      403         403
  told-submitted      in      409      409  403   403    403       403     403      403         403
  told-signed-off     in      409      409  403   403    403       403     403      403         403
  told                in      409      409  403   403    403       403     403      403         403
  untold              in      409      409  403   403    403       403     403      403         403
  told-members        in      409      409  403   403    404       404     404      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  told-withdrawn      in      409      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/<key>/autosave
  told-draft          in      200+     200+ 403   403    403       403     403      403         403
  told-untitled       in      422      422  403   403    403       403     403      403         403
  told-stale          in      409      409  403   403    403       403     403      403         403
  told-of-other-text  in      409      409  403   403    403       403     403      403         403
  no-part-told        in      404      404  403   403    403       403     403      403         403
  told-submitted      in      409      409  403   403    403       403     403      403         403
  told                in      409      409  403   403    403       403     403      403         403
  told-members        in      409      409  403   403    404       404     404      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  told-withdrawn      in      409      409  404   404    404       404     404      403         403
  untold              in      409      409  403   403    403       403     403      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/take-over
  told-behind         in      302      302  404   404    404       404     404      403         403
  told-draft          in      302-     302- 404   404    404       404     404      403         403
  told-submitted      in      409      409  404   404    404       404     404      403         403
  told                in      409      409  403   403    403       403     403      403         403
  told-members        in      409      409  403   403    404       404     404      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  untold              in      409      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/translations/<language>/discard
  told-draft          in      200      200  404   404    404       404     404      404         404
  told-submitted      in      302      302  404   404    404       404     404      403         403
  told                in      302      302  403   403    403       403     403      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  untold              in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/discard
  told-draft          in      302      302  404   404    404       404     404      403         403
  told-unseen         in      409      409  404   404    404       404     404      403         403
  told-submitted      in      409      409  404   404    404       404     404      403         403
  told                in      409      409  403   403    403       403     403      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  untold              in      409      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404

POST /practices/<slug>/translations/<language>/submit
  told-draft          in      302      302  404   404    404       404     404      403         403
  told-unseen         in      409      409  404   404    404       404     404      403         403
  told-begun          in      302-     302- 404   404    404       404     404      403         403
  told-behind         in      409      409  404   404    404       404     404      403         403
  told-submitted      in      409      409  404   404    404       404     404      403         403
  told                in      409      409  403   403    403       403     403      403         403
  told-of-suspended   in      403      403  403   403    403       403     403      403         403
  untold              in      409      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/sign-off
  told-submitted      in      403      302  404   404    404       404     404      403         403
  submitted-unseen    in      403      409  404   404    404       404     404      403         403
  told-alone          in      403      403  404   404    404       404     404      403         403
  told-draft          in      403      409  404   404    404       404     404      403         403
  told-signed-off     in      403      409  404   404    404       404     404      403         403
  told                in      403      409  403   403    403       403     403      403         403
  untold              in      403      409  404   404    404       404     404      403         403
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/send-back
  told-submitted      in      403      302  404   404    404       404     404      302         302
  told-uncommented    in      403      422  404   404    404       404     404      422         422
  told-signed-off     in      403      403  404   404    404       404     404      302         302
  told-draft          in      403      409  404   404    404       404     404      409         409
  told                in      403      409  403   403    403       403     403      409         409
  told-members        in      403      409  403   403    404       404     404      409         409
  told-of-suspended   in      403      403  403   403    403       403     403      409         403
  untold              in      403      409  404   404    404       404     404      409         409
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/publish
  told-signed-off     in      403      403  404   404    404       404     404      302         302
  signed-off-unseen   in      403      403  404   404    404       404     404      409         409
  told-submitted      in      403      403  404   404    404       404     404      409         409
  told-draft          in      403      403  404   404    404       404     404      409         409
  told                in      403      403  403   403    403       403     403      409         409
  told-of-suspended   in      403      403  403   403    403       403     403      409         403
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
GET /practices/<slug>/translations/<language>/take-down
  told                in      403      200  403   403    403       403     403      200         200
  told-members        in      403      200  403   403    404       404     404      200         200
  told-of-suspended   in      403      403  403   403    403       403     403      200         403
  told-draft          in      403      404  404   404    404       404     404      404         404
  told-submitted      in      403      404  404   404    404       404     404      404         404
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
POST /practices/<slug>/translations/<language>/take-down
  told                in      403      302  403   403    403       403     403      302         302
  taken-down-unseen   in      403      409  403   403    403       403     403      409         409
  told-members        in      403      302  403   403    404       404     404      302         302
  told-of-suspended   in      403      403  403   403    403       403     403      302         403
  told-draft          in      403      409  404   404    404       404     404      409         409
  told-submitted      in      403      409  404   404    404       404     404      409         409
  told-withdrawn      in      404      404  404   404    404       404     404      404         404
  nothing             in      404      404  404   404    404       404     404      404         404
"""
