"""The page that `evaluate --html` writes; it needs the extra `report`."""

from retrieval.evaluation.html import report_html, require_extra

__all__ = ["report_html", "require_extra"]
