"""The doors to signing in and to one's own account."""

TEXT = """
GET /sign-in
  -                   in 302 visitor=200
POST /sign-in
  right               all 302
  wrong               all 422
GET /sign-in/code
  -                   all 302
  half-way            all 200
POST /sign-in/code
  no-first-step       all 302-
  half-way            all 302
  half-way-wrong      all 422
POST /sign-in/passkey/options
  -                   all 200+
POST /sign-in/passkey
  known-passkey       all 302
  no-passkey          all 422
GET /sign-in/provider
  -                   all 404
GET /sign-in/provider/back
  -                   all 404
GET /sign-in/provider/unknown
  -                   all 404
POST /sign-out
  -                   in 302 visitor=302-
GET /forgot
  -                   all 200
POST /forgot
  known-address       all 200+
  unknown-address     all 200+
  no-address          all 422
GET /reset/<secret>
  reset               all 200
  reset-used          all 410
  reset-over          all 410
  altered             all 404
POST /reset/<secret>
  reset               all 302
  reset-weak          all 422
  reset-used          all 410
  reset-over          all 410
  altered             all 404

GET /account
  -                   in 200
GET /account/name
  -                   in 200
POST /account/name
  -                   in 302
  no-name             in 422
GET /account/password
  -                   in 200
POST /account/password
  -                   in 302
  wrong-password      in 422
  weak-password       in 422
GET /account/email
  -                   in 200
POST /account/email
  -                   in 200+
  wrong-password      in 422
GET /account/email/<secret>
  own-change          in 200
  somebody's-change   in 404
  altered             in 404
POST /account/email/<secret>
  own-change          in 302
  somebody's-change   in 404
  altered             in 404
POST /account/sessions/<int:sign_in_id>/revoke
  own                 in 302
  somebody's          in 404
POST /account/sessions/revoke-others
  -                   in 302
GET /account/actions
  -                   in 200
  csv                 in 200+
  xlsx                in 200+

GET /account/second-factor
  -                   in 200
POST /account/second-factor/begin
  -                   in 302 pending=409
  wrong-password      in 422
GET /account/second-factor/confirm
  -                   in 200 pending=302
POST /account/second-factor/confirm
  own-code            in 200+ pending=409
  wrong-code          in 422 pending=409
POST /account/second-factor/codes
  own-code            in 409 pending=200+
  wrong-code          in 409 pending=422
POST /account/second-factor/off
  own-code            in 409 pending=302
  wrong-code          in 409 pending=422
GET /account/passkeys
  -                   in 200
POST /account/passkeys/options
  -                   in 200+
  wrong-password      in 422
POST /account/passkeys
  new-passkey         in 302
  somebody's-passkey  in 422
  no-passkey          in 422
GET /account/passkeys/<int:passkey_id>/remove
  pending's-passkey   in 404 pending=200
POST /account/passkeys/<int:passkey_id>/remove
  pending's-passkey   in 404 pending=302
POST /account/identities/<int:identity_id>/remove
  pending's-identity  in 404 pending=302

GET /account/data
  -                   in 200
POST /account/data/download
  -                   in 200+
  no-password         in 200+ suspended=422
GET /account/erase
  -                   in 200
POST /account/erase
  -                   in 302 lead=409 r.lead=409 secretariat=409
  wrong-password      in 422
  wrong-word          in 422
"""
