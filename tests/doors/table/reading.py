"""The doors to what everybody reads: public pages, topics, cities, lists of practices."""

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
"""
