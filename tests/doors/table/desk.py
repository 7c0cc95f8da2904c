"""The doors of the desk that a chapter's secretariat shares, for its own cities only."""

TEXT = """
GET /admin/
  -                   desk 200 200
GET /admin/search
  -                   desk 200 200
  looked-for          desk 200 200
GET /admin/reviews
  -                   desk 200 200
GET /admin/liveness
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+

GET /admin/applications
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
GET /admin/applications/<int:application_id>
  application         desk 200 200
  elsewhere           desk 200 404
  another             desk 200 200
  another-abroad      desk 200 404
  declined            desk 200 200
  joined              desk 302 302
  unconfirmed         desk 404 404
  nothing             desk 404 404
GET /admin/applications/<int:application_id>/files/<int:file_id>
  application         desk 200 200
  elsewhere           desk 200 404
  other's-file        desk 404 404
  no-file-number      desk 404 404
GET /admin/applications/<int:application_id>/<any(admit, ask, decline):step>
  admit               desk 200 200
  ask                 desk 200 200
  decline             desk 200 200
  admit-another       desk 200 200
  admit-elsewhere     desk 200 404
  ask-declined        desk 302 302
  admit-unconfirmed   desk 404 404
POST /admin/applications/<int:application_id>/<any(admit, ask, decline):step>/letter
  admit               desk 200 200
  ask                 desk 200 200
  decline             desk 200 200
  decline-wordless    desk 422 422
  admit-elsewhere     desk 200 404
POST /admin/applications/<int:application_id>/<any(admit, ask, decline):step>
  admit               desk 302 302
  ask                 desk 302 302
  decline             desk 302 302
  admit-another       desk 302 302
  admit-as-outsider   desk 302 403
  decline-wordless    desk 422 422
  decline-stale       desk 409 409
  ask-declined        desk 409 409
  admit-elsewhere     desk 302 404
  admit-unconfirmed   desk 404 404

GET /admin/memberships
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
GET /admin/memberships/<slug>
  sidoarjo            desk 200 200
  applicant           desk 200 200
  seoul               desk 200 404
  outsider            desk 200 404
  hamlet              desk 404 404
  nothing             desk 404 404
GET /admin/memberships/<slug>/<any(active, suspended, lapsed, ended):after>
  suspend-sidoarjo    desk 200 200
  admit-asker         desk 200 200
  admit-applicant     desk 302 302
  suspend-seoul       desk 200 404
  suspend-nothing     desk 404 404
POST /admin/memberships/<slug>/<any(active, suspended, lapsed, ended):after>
  suspend-sidoarjo    desk 302 302
  admit-asker         desk 302 302
  admit-applicant     desk 409 409
  end-sidoarjo        desk 302 302
  restore-suspended   desk 302 404
  suspend-seoul       desk 302 404
  admit-sidoarjo      desk 409 409
  suspend-stale       desk 409 409
  without-reason      desk 422 422
  suspend-nothing     desk 404 404
GET /admin/memberships/<slug>/renewal
  sidoarjo            desk 200 200
  seoul               desk 200 404
POST /admin/memberships/<slug>/renewal
  sidoarjo            desk 302 302
  stale-term          desk 409 409
  without-reason      desk 422 422
  seoul               desk 302 404
GET /admin/memberships/<slug>/term
  sidoarjo            desk 200 200
  seoul               desk 200 404
POST /admin/memberships/<slug>/term
  sidoarjo            desk 302 302
  stale-term          desk 409 409
  without-reason      desk 422 422
  seoul               desk 302 404
GET /admin/memberships/<slug>/category
  sidoarjo            desk 200 200
  seoul               desk 200 404
POST /admin/memberships/<slug>/category
  sidoarjo            desk 302 302
  stale-category      desk 409 409
  without-reason      desk 422 422
  seoul               desk 302 404
GET /admin/memberships/<slug>/data
  sidoarjo            desk 200 200
  seoul               desk 200 404
POST /admin/memberships/<slug>/data
  sidoarjo            desk 302 302
  stale-data          desk 409 409
  no-place            desk 422 422
  seoul               desk 302 404
GET /admin/memberships/<slug>/chapter
  sidoarjo            network 200
  seoul               network 200
POST /admin/memberships/<slug>/chapter
  sidoarjo            network 302
  seoul               desk 302 404
  nothing             desk 404 404
POST /admin/memberships/bulk
  two-memberships     desk 200 200
POST /admin/memberships/bulk/preview
  two-memberships     desk 302 302
  without-act         desk 422 422
  into-chapter        desk 302 422

GET /admin/people
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
GET /admin/people/<int:person_id>
  sidoarjo's-person   desk 200 200
  seoul's-person      desk 200 404
  free-person         desk 200 404
  secretariat's       desk 200 404
  chapter's-person    desk 200 404
  nothing             desk 404 404
POST /admin/people/<int:person_id>/end-sessions
  sidoarjo's-person   desk 302 302
  seoul's-person      desk 302 404
  secretariat's       desk 302 404
GET /admin/people/<int:person_id>/<step>
  deactivate          desk 200 200
  move                desk 200 200
  make-lead           desk 200 200
  remove              desk 200 200
  erase               desk 200 403
  reactivate          desk 200 200
  reset-factor        desk 200 403
  deactivate-seoul's  desk 200 404
  take-rights         desk 200 404
  give-rights         desk 200 404
  no-step             desk 404 404
POST /admin/people/<int:person_id>/<step>
  deactivate          desk 302 302
  deactivate-why      desk 422 422
  move                desk 302 302
  move-to-seoul       desk 302 403
  make-lead           desk 302 302
  remove              desk 302 302
  remove-lead         desk 422 422
  erase               desk 302 403
  reactivate          desk 302 302
  reactivate-active   desk 409 409
  reset-factor        desk 302 403
  deactivate-seoul's  desk 302 404
  take-rights         desk 409 404
  give-rights         desk 302 404
  no-step             desk 404 404
POST /admin/people/bulk
  two-people          desk 200 200
POST /admin/people/bulk/preview
  two-people          desk 302 302
  two-people-to-seoul desk 302 403
  without-act         desk 422 422
GET /admin/previews/<int:preview_id>
  secretariat's-list  desk 200 404
  chapter's-list      desk 404 200
  lead's-list         desk 404 404
  secretariat's-csv   desk 200 404
  secretariat's-word  desk 404 404
  nothing             desk 404 404
POST /admin/previews/<int:preview_id>
  secretariat's-list  desk 302 404
  chapter's-list      desk 404 302
  lead's-list         desk 404 404
  secretariat's-word  desk 404 404

GET /admin/requests
  -                   desk 200 200
POST /admin/requests/<int:request_id>/accept
  asks                desk 302 302
  asks-seoul          desk 302 404
  asks-unconfirmed    desk 404 404
  asked-before        desk 409 409
  nothing             desk 404 404
GET /admin/requests/<int:request_id>/decline
  asks                desk 200 200
  asks-seoul          desk 200 404
  asks-unconfirmed    desk 404 404
POST /admin/requests/<int:request_id>/decline
  asks                desk 302 302
  asks-without-reason desk 422 422
  asks-seoul          desk 302 404
  asks-unconfirmed    desk 404 404
GET /admin/invitations
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
POST /admin/invitations/again
  two-invitations     desk 302 302
  nothing-ticked      desk 302- 302-
GET /admin/invitations/<int:invitation_id>/revoke
  to-sidoarjo         desk 200 200
  to-seoul            desk 200 404
  to-colleague        desk 200 404
POST /admin/invitations/<int:invitation_id>/revoke
  to-sidoarjo         desk 302 302
  to-lead             desk 302 302
  to-seoul            desk 302 404
  to-colleague        desk 302 404
  invited-and-came    desk 409 409
  nothing             desk 404 404
GET /admin/people/invite
  -                   desk 200 200
POST /admin/people/invite
  for-sidoarjo        desk 302 302
  as-lead             desk 302 302
  for-seoul           desk 302 403
  no-address          desk 422 422
GET /admin/people/invite-colleague
  -                   network 200
POST /admin/people/invite-colleague
  -                   network 302
  no-address          network 422

GET /admin/imports
  -                   desk 200 200
POST /admin/imports
  officials           desk 302 302
  memberships         desk 302 302
  officials-at-once   desk 302 403
  no-document         desk 422 422
GET /admin/imports/example/<any(officials, memberships):what>
  officials           desk 200 200
  memberships         desk 200 200
GET /admin/filters
  -                   desk 200 200
POST /admin/filters
  new-filter          desk 302 302
  nameless-filter     desk 302- 302-
  filter-of-nothing   desk 404 404
GET /admin/filters/<int:filter_id>
  secretariat's-own   desk 302 404
  chapter's-own       desk 404 302
  nothing             desk 404 404
POST /admin/filters/<int:filter_id>/rename
  secretariat's-own   desk 302 404
  chapter's-own       desk 404 302
  nameless            desk 422 404
POST /admin/filters/<int:filter_id>/delete
  secretariat's-own   desk 302 404
  chapter's-own       desk 404 302
GET /admin/audit
  -                   desk 200 200
  words-sent-back     desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
"""
