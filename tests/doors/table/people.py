"""The doors to the people of one's city, to invitations, requests, jobs and one's city's log."""

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secret. chapter

GET /city/people
  -                   in      200      200  200   200    200       200     404      404         404
GET /city/people/<int:official_id>/hand-over
  colleague           in      403      200  403   404    403       403     404      404         404
  oneself             in      403      404  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
POST /city/people/<int:official_id>/hand-over
  colleague           in      403      302  403   404    403       403     404      404         404
  oneself             in      403      409  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
GET /city/people/<int:official_id>/remove
  colleague           in      403      200  403   404    403       403     404      404         404
  oneself             in      403      404  403   404    403       403     404      404         404
POST /city/people/<int:official_id>/remove
  colleague           in      403      302  403   404    403       403     404      404         404
  oneself             in      403      422  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
GET /city/people/leave
  -                   in      200      200  200   200    200       200     404      404         404
POST /city/people/leave
  -                   in      302      409  302   409    302       302     404      404         404
GET /city/people/invite
  -                   in      403      200  403   200    403       403     404      404         404
POST /city/people/invite
  -                   in      403      302  403   302    403       403     404      404         404
  no-address          in      403      422  403   422    403       403     404      404         404
GET /city/people/invite-many
  -                   in      403      200  403   200    403       403     404      404         404
POST /city/people/invite-many
  -                   in      403      302  403   302    403       403     404      404         404
  as-file             in      403      302  403   302    403       403     404      404         404
  no-address          in      403      422  403   422    403       403     404      404         404
GET /city/people/invite-many/<int:preview_id>
  lead's-list         in      403      200  403   404    403       403     404      404         404
  word-of-lead        in      403      404  403   404    403       403     404      404         404
  secretariat's-list  in      403      404  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
POST /city/people/invite-many/<int:preview_id>
  lead's-list         in      403      302  403   404    403       403     404      404         404
  begun-list          in      403      302- 403   404    403       403     404      404         404
  word-of-lead        in      403      404  403   404    403       403     404      404         404
  secretariat's-list  in      403      404  403   404    403       403     404      404         404
POST /city/people/invitations/<int:invitation_id>/again
  to-sidoarjo         in      403      302  403   404    403       403     404      404         404
  to-seoul            in      403      404  403   302    403       403     404      404         404
  to-lead             in      403      404  403   404    403       403     404      404         404
  invited-and-came    in      403      409  403   404    403       403     404      404         404
  to-colleague        in      403      404  403   404    403       403     404      404         404
POST /city/people/invitations/<int:invitation_id>/revoke
  to-sidoarjo         in      403      302  403   404    403       403     404      404         404
  to-seoul            in      403      404  403   302    403       403     404      404         404
  to-lead             in      403      404  403   404    403       403     404      404         404
  invited-and-came    in      403      409  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
POST /city/people/requests/<int:request_id>/accept
  asks                in      403      302  403   404    403       403     404      404         404
  asks-seoul          in      403      404  403   302    403       403     404      404         404
  asks-unconfirmed    in      403      404  403   404    403       403     404      404         404
  asked-before        in      403      409  403   404    403       403     404      404         404
  nothing             in      403      404  403   404    403       403     404      404         404
GET /city/people/requests/<int:request_id>/decline
  asks                in      403      200  403   404    403       403     404      404         404
  asks-seoul          in      403      404  403   200    403       403     404      404         404
  asks-unconfirmed    in      403      404  403   404    403       403     404      404         404
POST /city/people/requests/<int:request_id>/decline
  asks                in      403      302  403   404    403       403     404      404         404
  asks-without-reason in      403      422  403   404    403       403     404      404         404
  asks-seoul          in      403      404  403   302    403       403     404      404         404
  asks-unconfirmed    in      403      404  403   404    403       403     404      404         404
  asked-before        in      403      409  403   404    403       403     404      404         404

GET /cities/<slug>/join
  sidoarjo            all 200
  applicant           all 404
  suspended           all 404
  nothing             all 404
POST /cities/<slug>/join
  sidoarjo            all 200+ official=302- lead=302- secretariat=302- chapter=302-
  not-agreed          all 422
  applicant           all 404
  suspended           all 404
GET /join-requests/<secret>
  asks-unconfirmed    all 200
  asks-over           all 404
  altered             all 404
POST /join-requests/<secret>
  asks-unconfirmed    all 302
  asks-over           all 404
  altered             all 404

GET /invitations/<secret>
  to-sidoarjo         in 403 visitor=200
  to-nobody's         in 403 visitor=200 nobody's=200 removed=403
  to-rival-lead       in 403 visitor=200 r.lead=409
  invited-and-came    all 410
  taken-back          all 410
  invitation-over     all 410
  altered             all 404
POST /invitations/<secret>
  to-sidoarjo         in 403 visitor=302
  to-lead             in 403 visitor=302
  not-agreed          in 403 visitor=422
  to-nobody's         in 403 visitor=409 nobody's=409 removed=403
  invited-and-came    all 410
  taken-back          all 410
  invitation-over     all 410
  altered             all 404
POST /invitations/<secret>/accept
  to-sidoarjo         in 403
  to-nobody's         in 403 nobody's=302 removed=403
  to-rival-lead       in 403 r.lead=409
  invited-and-came    in 410
  taken-back          in 410
  invitation-over     in 410
  altered             in 404

GET /jobs/<int:job_id>
  lead's-job          in 404 lead=200 secretariat=200
  chapter's-job       in 404 chapter=200 secretariat=200
  nothing             in 404
GET /city/actions
  -                   in 403 lead=200 r.lead=200
  csv                 in 403 lead=200+ r.lead=200+
  xlsx                in 403 lead=200+ r.lead=200+
"""
