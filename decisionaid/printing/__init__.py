"""HTML to PDF: tagged, archivable, and rendered apart from the program that asks for it."""

from decisionaid.printing.pool import PdfPool
from decisionaid.printing.press import NotAccessible, PrintFailed, PrintTookTooLong

__all__ = ["NotAccessible", "PdfPool", "PrintFailed", "PrintTookTooLong"]
