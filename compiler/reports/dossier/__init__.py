"""The dossier of a strategy: one document for whoever has to answer for it, as HTML, Markdown, JSON or SARIF.

What was judged, by which packs, on which day and for which account; every rule with its verdict, the numbers and the
readings it rests on, the lines of the strategy that decide it, its trace, its guard and its waiver; everything that is
assumed; the strategy in plain English and as text. Nothing in it is judged anew: it says what a check found.
"""

from stratc.compiler.reports.dossier.content import Dossier, dossier_of
from stratc.compiler.reports.dossier.document import document_of
from stratc.compiler.reports.dossier.html import to_html
from stratc.compiler.reports.dossier.markdown import to_markdown
from stratc.compiler.reports.dossier.sarif import to_sarif

__all__ = ["Dossier", "document_of", "dossier_of", "to_html", "to_markdown", "to_sarif"]
