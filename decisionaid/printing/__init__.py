"""HTML to PDF: tagged, archivable, and rendered apart from the program that asks for it."""

from decisionaid.printing.pool import PLACES, PdfPool
from decisionaid.printing.press import NotAccessible, PrinterBusy, PrintFailed, PrintTookTooLong

__all__ = ["PLACES", "NotAccessible", "PdfPool", "PrintFailed", "PrintTookTooLong", "PrinterBusy"]
