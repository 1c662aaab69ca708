"""The page that `evaluate --html` writes; it needs the extra `report`."""

from retrieval.evaluation.html import report_html

__all__ = ["report_html"]
