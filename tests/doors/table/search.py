"""The doors to searching, to searches that are kept, and to what people found missing."""

TEXT = """
GET /search
  -                   all 200
  searched            all 200
  exactly             all 200
  narrowed            all 200
  on-the-map          all 200
  only-for-members    all 200
  in-no-facet         all 200
  missed-before       200 200 200 200 200 200 200 200 200 200
  nearly-of-members   200 200 200 200 200 200 200 200 200 200
GET /search/suggest
  -                   all 200
  searched            all 200
  asked-by-members    200 200 200 200 200 200 200 200 200 200

GET /search/missing
  -                   all 200
  searched            all 200
POST /search/missing
  -                   all 303+
  nothing-missed      all 422
  told-too-much       all 422
GET /search/missing/sent
  -                   all 200

GET /search/saved
  -                   in 200
GET /search/save
  -                   in 200
  narrowed            in 200
  saved-before        in 302
POST /search/save
  -                   in 302
  saved-before        in 302-
  search-unnamed      in 422
  search-for-hours    in 422
GET /search/saved/<int:search_id>
  own-search          in 200
  somebody's-search   in 404
  nothing             in 404
POST /search/saved/<int:search_id>
  own-search          in 302
  own-unnamed         in 422
  somebody's-search   in 404
  nothing             in 404
GET /search/saved/<int:search_id>/delete
  own-search          in 200
  somebody's-search   in 404
  nothing             in 404
POST /search/saved/<int:search_id>/delete
  own-search          in 302
  somebody's-search   in 404
  nothing             in 404

GET /search/stop/<secret>
  stop-one            all 200
  stop-all            all 200
  stop-too-late       all 410
  stop-deleted        all 200
  stop-altered        all 404
  altered             all 404
POST /search/stop/<secret>
  stop-one            all 200+
  stop-all            all 200+
  stop-too-late       all 410
  stop-deleted        all 200
  stop-altered        all 404
  altered             all 404

GET /admin/missing
  -                   desk 200 200
  csv                 desk 200+ 200+
  xlsx                desk 200+ 200+
GET /admin/missing/<int:report_id>
  missed              desk 200 200
  missed-in-seoul     desk 200 404
  missed-by-visitor   desk 200 404
  missed-no-more      desk 200 404
  nothing             desk 404 404
POST /admin/missing/<int:report_id>/answer
  missed              desk 302 302
  answered-in-part    desk 422 422
  answered-secretly   desk 422 422
  missed-in-seoul     desk 302 404
  missed-by-visitor   desk 302 404
  missed-no-more      desk 409 404
  nothing             desk 404 404
POST /admin/missing/<int:report_id>/dismiss
  missed              desk 302 302
  dismissed-wordless  desk 422 422
  missed-in-seoul     desk 302 404
  missed-by-visitor   desk 302 404
  missed-no-more      desk 409 404
  nothing             desk 404 404

GET /admin/past-queries
  -                   network 200
  csv                 network 200+
  xlsx                network 200+
POST /admin/past-queries/<int:query_id>/hide
  asked-often         network 302
  asked-and-hidden    network 302-
  asked-by-few        network 404
  nothing             network 404
POST /admin/past-queries/<int:query_id>/show
  asked-and-hidden    network 302
  asked-often         network 302-
  asked-by-few        network 404
  nothing             network 404
"""
