"""The doors to practices: their pages, their revisions, their files, what is taken along."""

from citynet.practices import printing_pdf

TEXT = """
#                     visitor official lead rival r.lead suspended pending nobody's secret. chapter

GET /practices/<slug>
  draft               404     302      302  404   404    404       404     404      404         404
  submitted           404     302      302  404   404    404       404     404      302         302
  signed-off          404     302      302  404   404    404       404     404      302         302
  public              all 200
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-applicant        404     404      404  404   404    404       302     404      404         404
  of-suspended        all 200
  draft-of-suspended  all 404
  planned             404     302      302  404   404    404       404     404      302         302
  sent-back           404     302      302  404   404    404       404     404      404         404
  withdrawn-public    all 410
  withdrawn-members   404     410      410  410   410    404       404     404      410         410
  nothing             all 404
GET /practices/<slug>/draft
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  signed-off          404     200      200  404   404    404       404     404      200         200
  public              all 302
  members             404     302      302  302   302    404       404     404      302         302
  revised             302     200      200  302   302    302       302     302      302         302
  of-applicant        404     404      404  404   404    404       200     404      404         404
  draft-of-suspended  all 404
  planned             404     200      200  404   404    404       404     404      200         200
  sent-back           404     200      200  404   404    404       404     404      404         404
  withdrawn-public    404     302      302  404   404    404       404     404      302         302
  nothing             all 404
GET /practices/<slug>/revisions
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  signed-off          404     200      200  404   404    404       404     404      200         200
  public              all 200
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-applicant        404     404      404  404   404    404       200     404      404         404
  draft-of-suspended  all 404
  withdrawn-public    404     200      200  404   404    404       404     404      200         200
  withdrawn-members   404     200      200  404   404    404       404     404      200         200
  nothing             all 404
GET /practices/<slug>/revisions/<int(max=999999):number>
  withdrawn-public    404     200      200  404   404    404       404     404      200         200
  draft               404     200      200  404   404    404       404     404      404         404
  submitted           404     200      200  404   404    404       404     404      200         200
  members             404     200      200  200   200    404       404     404      200         200
  superseded          404     200      200  404   404    404       404     404      404         404
  public              all 200
  revised             404     200      200  404   404    404       404     404      404         404
  no-revision         all 404
GET /practices/<slug>/revisions/compare
  compared            404     200      200  404   404    404       404     404      404         404
  compared-draft      404     200      200  404   404    404       404     404      404         404
  compared-itself     all 302

GET /practices/<slug>/files/<key>
  picture             all 200
  paper               all 200
  picture-of-draft    404     200      200  404   404    404       404     404      404         404
  paper-of-draft      404     200      200  404   404    404       404     404      404         404
  picture-of-revised  404     200      200  404   404    404       404     404      404         404
  picture-submitted   404     200      200  404   404    404       404     404      200         200
  picture-members     404     200      200  200   200    404       404     404      200         200
  picture-withdrawn   404     200      200  404   404    404       404     404      200         200
  other's-picture     all 404
  no-picture          all 404
  nothing             all 404
GET /practices/<slug>/files/<key>/<int:width>.<any(webp, jpg):ending>
  picture             all 200
  wide                all 200
  no-width            all 404
  picture-of-draft    404     200      200  404   404    404       404     404      404         404
  picture-of-revised  404     200      200  404   404    404       404     404      404         404
  picture-submitted   404     200      200  404   404    404       404     404      200         200
  picture-members     404     200      200  200   200    404       404     404      200         200
  picture-withdrawn   404     200      200  404   404    404       404     404      200         200
  other's-picture     all 404
  nothing             all 404

GET /practices/<slug>.docx
  public              all 200
  draft               all 404
  submitted           all 404
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-suspended        all 200
  withdrawn-public    all 404
  nothing             all 404
GET /practices/<slug>/brief
  public              all 200
  draft               all 404
  submitted           all 404
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-suspended        all 200
  withdrawn-public    all 404
  nothing             all 404
GET /practices/<slug>/brief.docx
  public              all 200
  draft               all 404
  submitted           all 404
  members             404     200      200  200   200    404       404     404      200         200
  revised             all 200
  of-suspended        all 200
  withdrawn-public    all 404
  nothing             all 404
GET /practices/<slug>.pdf
  public              all PDF
  draft               all 404
  members             404     PDF      PDF  PDF   PDF    404       404     404      PDF         PDF
GET /practices/<slug>/brief.pdf
  public              all PDF
  draft               all 404
  members             404     PDF      PDF  PDF   PDF    404       404     404      PDF         PDF
GET /practices/<slug>/citation.<any(bib, ris):kind>
  public              all 200
  as-ris              all 200
  draft               all 404
  members             404     200      200  200   200    404       404     404      200         200
  withdrawn-public    all 404
  nothing             all 404
"""
# Where nothing makes PDFs, nobody gets one.
TEXT = TEXT.replace("PDF", "200" if printing_pdf.is_available() else "404")
