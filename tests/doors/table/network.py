"""The doors of the desk that are the network's own secretariat's alone."""

TEXT = """
GET /admin/chapters
  -                   network 200
GET /admin/chapters/new
  -                   network 200
POST /admin/chapters/new
  -                   network 302
  no-name             network 422
GET /admin/chapters/<slug>
  chapter             network 200
  nothing             network 404
GET /admin/chapters/<slug>/edit
  chapter             network 200
  nothing             network 404
POST /admin/chapters/<slug>/edit
  chapter             network 302
  no-name             network 422
  nothing             desk 404 404
POST /admin/chapters/<slug>/cities
  chapter             network 302
  unknown-city        network 422
POST /admin/chapters/<slug>/cities/out
  chapter             network 302
  nothing             desk 404 404
POST /admin/chapters/<slug>/people
  chapter             network 302
  unknown-address     network 422
  official's-address  network 409
  nothing             desk 404 404
POST /admin/chapters/<slug>/people/<int:person_id>/remove
  chapter             network 302
  nobody-of-chapter   network 404
GET /admin/chapters/<slug>/delete
  chapter             network 200
  nothing             network 404
POST /admin/chapters/<slug>/delete
  empty-chapter       network 302
  chapter             network 409
  nothing             desk 404 404

GET /admin/topics
  -                   network 200
GET /admin/topics/new
  -                   network 200
POST /admin/topics/new
  -                   network 302
  no-name             network 422
GET /admin/topics/<int:topic_id>
  topic               network 200
  nothing             network 404
POST /admin/topics/<int:topic_id>
  topic               network 302
  no-name             network 422
  nothing             network 404
POST /admin/topics/<int:topic_id>/<any(up, down):way>
  down                network 302
  up-at-the-top       network 302-
GET /admin/topics/<int:topic_id>/merge
  topic               network 200
  nothing             network 404
POST /admin/topics/<int:topic_id>/merge
  merge               network 302
  merge-with-itself   network 409
GET /admin/topics/<int:topic_id>/delete
  topic               network 200
  nothing             network 404
POST /admin/topics/<int:topic_id>/delete
  unused-topic        network 302
  topic               network 409
  nothing             network 404

GET /admin/announcements
  -                   network 200
  csv                 network 200+
  xlsx                network 200+
GET /admin/announcements/new
  -                   network 200
POST /admin/announcements/new
  -                   network 302
  no-title            network 422
GET /admin/announcements/<int:announcement_id>
  unpublished         network 200
  published           network 200
  nothing             network 404
GET /admin/announcements/<int:announcement_id>/edit
  unpublished         network 200
  nothing             network 404
POST /admin/announcements/<int:announcement_id>/edit
  unpublished         network 302
  published           network 302
  no-title            network 422
  stale-words         network 409
  withdrawn           network 409
  nothing             network 404
POST /admin/announcements/<int:announcement_id>/<any(publish, withdraw, discard):step>
  publish             network 302
  publish-stale       network 409
  publish-twice       network 409
  withdraw            network 302
  withdraw-draft      network 409
  discard             network 302
  discard-published   network 409
  discard-nothing     network 404

GET /admin/letters
  -                   network 200
GET /admin/letters/<key>/<language>
  letter              network 200
  no-letter           network 404
  letter-in-klingon   network 404
POST /admin/letters/<key>/<language>
  letter              network 302
  wordless-letter     network 422
  stale-letter        network 409
  no-letter           network 404
GET /admin/letters/<key>/<language>/preview
  letter              network 200
  no-letter           network 404
POST /admin/letters/<key>/<language>/preview
  letter              network 200
  wordless-letter     network 422
GET /admin/letters/<key>/<language>/original
  letter              network 200
  no-letter           network 404
POST /admin/letters/<key>/<language>/original
  letter              network 302
  stale-letter        network 409
  no-letter           network 404

GET /admin/identity
  -                   network 200
POST /admin/identity
  identity            network 302
  with-mark           network 302
  no-name             network 422
  stale-identity      network 409
POST /admin/identity/preview
  identity            network 200
  no-name             network 422
GET /admin/identity/original
  -                   network 200
POST /admin/identity/original
  identity            network 302
  stale-identity      network 409

POST /admin/audit/verify
  -                   network 302-
GET /admin/effects
  -                   network 200
POST /admin/effects/<int:effect_id>/rerun
  waiting             network 302
  no-effect           network 404
"""
