"""The doors for a city that joins: what anybody asks, and what only a mailed link opens."""

TEXT = """
GET /join
  -                   all 200
GET /join/cities
  -                   all 200
GET /join/apply
  -                   all 200
  for-hamlet          all 200
  for-sidoarjo        all 200
  for-another         all 200
  for-nothing         all 404
POST /join/apply
  for-hamlet          all 302
  for-another         all 302
  for-sidoarjo        all 200
  for-nothing         all 404
  no-consent          all 422
  with-letter         all 302
  letter-no-consent   all 422+
GET /join/sent
  -                   all 200
GET /join/link
  -                   all 200
POST /join/link
  known-address       all 200+
  unknown-address     all 200+
  no-address          all 422
GET /join/register
  -                   desk 200 200
  for-hamlet          desk 200 200
  for-seoul           desk 200 403
  for-another         desk 200 200
  for-nothing         desk 404 404
POST /join/register
  for-hamlet          desk 302 302
  for-outsider        desk 302 403
  for-another         desk 302 302
  for-another-abroad  desk 302 403
  for-sidoarjo        desk 409 409
  for-nothing         desk 404 404
  no-contact          desk 422 422

GET /join/confirm/<string(length=43):secret>
  to-confirm          all 200
  confirmed           all 410
  confirm-over        all 410
  to-follow           all 404
  altered             all 404
POST /join/confirm/<string(length=43):secret>
  to-confirm          all 302
  confirmed           all 410
  confirm-over        all 410
  to-follow           all 404
  altered             all 404
GET /join/<string(length=43):secret>
  to-follow           all 200
  to-follow-declined  all 200
  follow-over         all 404
  to-confirm          all 404
  altered             all 404
POST /join/<string(length=43):secret>/add
  to-follow           all 302
  adding-a-paper      all 302
  adding-nothing      all 422
  to-follow-declined  all 409
  follow-over         all 404
  altered             all 404
GET /join/<string(length=43):secret>/withdraw
  to-follow           all 200
  follow-over         all 404
  altered             all 404
POST /join/<string(length=43):secret>/withdraw
  to-follow           all 302
  to-follow-declined  all 409
  follow-over         all 404
  altered             all 404
GET /join/<string(length=43):secret>/files/<int:file_id>
  to-follow           all 200
  other's-file        all 404
  no-file-number      all 404
  follow-over         all 404
  altered             all 404
"""
