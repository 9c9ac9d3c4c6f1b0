"""The program of a press: reads jobs from a pipe, prints each, and ends when the pipe does.

Run by path in a process of its own (see press.py). It is given a file descriptor, its settings in JSON, and a folder of
its own. Each job is JSON too; each answer is one byte and its content: "+" a PDF, "!" a JSON list of faults, "-" the
kind of an error.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import mimetypes
import os
import resource
import shutil
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import page
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

_SCHEME = "asset:"
_KINDS = {".woff2", ".woff", ".ttf", ".otf", ".svg", ".png"}
_PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
# One file in thirty has a compressed stream whose last byte happens to be a carriage return. The checker takes it for
# part of the line end after it and finds the length wrong by one; the reference, veraPDF, goes by the length.
_ENDS_IN_RETURN, _LENGTH_RULE = b"\r\nendstream", "PDFA3A-STREAM-LENGTH-001"
# Where letters change places when they are set (Hindi, Bengali, Burmese), the letters of a syllable are told with its
# first sign, and its other signs with none. The checker calls that malformed; the reference, veraPDF, takes it.
_SYLLABLES, _MAPPING_RULE = "malformed ToUnicode", "UNICODE-MAPPING-001"
# Broken by letters alone, in a way that nobody foresaw.
_LETTER_RULES = ("NOTDEF-GLYPH-001", "UNICODE-MAPPING-001", "UNICODE-PUA-ACTUALTEXT-001", "UNICODE-VALUE-001")
_FIRST_PAGE = "<title>-</title><h1>-</h1><p>a<b>b</b><table><caption>c</caption><tr><th scope=row>d<td>e</table>"

# PDF/A-3 allows a property of another standard only where its schema is described beside it: ISO 19005-3, 6.6.2.3.
_PDF_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
    <pdfaProperty:name>part</pdfaProperty:name>
    <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
    <pdfaProperty:category>internal</pdfaProperty:category>
    <pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


class PackagedFiles(URLFetcher):  # type: ignore[misc]  # the base class has no types
    """Gives out the listed files by name and nothing else: no other file, no address, no data in a link."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=())
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        # A page says asset:name; the built stylesheet says ./name, and nothing joins that to a scheme of our own.
        name = url.removeprefix(_SCHEME).removeprefix("./")
        if name not in self._files:
            raise PermissionError("not a packaged file")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self._files[name].read_bytes(), {"Content-Type": kind})


class Typesetter:
    """Prints page after page; fonts and styles are loaded once for each stylesheet, the first at the start."""

    def __init__(self, stylesheets: Mapping[str, Path], font_dir: Path) -> None:
        self._stylesheets = stylesheets
        files = {file.name: file for file in stylesheets.values()}
        if font_dir.is_dir():
            files |= {file.name: file for file in font_dir.iterdir() if file.suffix in _KINDS}
        self._fetcher = PackagedFiles(files)
        self._styles: dict[str, tuple[FontConfiguration, weasyprint.CSS]] = {}
        self.first = next(iter(stylesheets))
        self._styled(self.first)

    def _styled(self, style: str) -> tuple[FontConfiguration, weasyprint.CSS]:
        """The letters and the rules of a stylesheet."""
        if style not in self._styles:
            fonts = FontConfiguration()
            text = self._stylesheets[style].read_text("utf-8")
            rules = weasyprint.CSS(string=text, base_url=_SCHEME, url_fetcher=self._fetcher, font_config=fonts)
            self._styles[style] = fonts, rules
        return self._styles[style]

    def pdf(self, html: str, language: str, title: str, stamp: int, style: str, *, claims: bool = True) -> bytes:
        """A page as a PDF; without `claims` it is tagged as well, but does not call itself PDF/A or PDF/UA."""
        # Read by the font subsetter, which would otherwise put the present time into each font.
        os.environ["SOURCE_DATE_EPOCH"] = str(stamp)
        fonts, rules = self._styled(style)
        document = weasyprint.HTML(string=html, base_url=_SCHEME, url_fetcher=self._fetcher).render(
            font_config=fonts, stylesheets=[rules]
        )
        date = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # In place of what the page says of itself: its own metadata could add words, dates, or attached files.
        document.metadata = weasyprint.document.DocumentMetadata(
            title=title, lang=language, created=date, modified=date
        )
        kind = {"pdf_variant": "pdf/a-3a", "finisher": _finish} if claims else {"pdf_tags": True}
        pdf: bytes = document.write_pdf(**kind)
        return pdf


def _finish(document: Any, pdf: Any) -> None:
    """Say in the file's metadata that it is PDF/UA-1 as well; left uncompressed, as archives read it by itself.

    Pictures among the letters come from a font, and are drawn as they are: PDF/A knows no smoothing between dots.
    """
    for part in pdf.objects:
        if "Interpolate" in getattr(part, "extra", {}):
            part.extra["Interpolate"] = "false"
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _PDF_UA)]
    metadata.compress = False


def faults(pdf: bytes) -> dict[str, str]:
    """The rules of PDF/A-3a and PDF/UA-1 that a file breaks, and how."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in _PROFILES]
    found = {fault.rule_id: fault.message for report in reports for fault in report.failures}
    if _ENDS_IN_RETURN in pdf:
        found.pop(_LENGTH_RULE, None)
    return {rule: told for rule, told in found.items() if not (rule.endswith(_MAPPING_RULE) and _SYLLABLES in told)}


def answer(typesetter: Typesetter, job: dict[str, Any]) -> bytes:
    try:
        pdf, found = _print(typesetter, job)
    except Exception as error:  # noqa: BLE001 - whatever a page sets off; the message may quote it, the kind does not
        return b"-" + type(error).__name__.encode()
    told = [f"{rule}: {message}" for rule, message in sorted(found.items())]
    return b"!" + json.dumps(told).encode() if told else b"+" + pdf


def _print(typesetter: Typesetter, job: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """A PDF and its faults.

    No letter may keep a signed plan from its paper: where one breaks a rule all the same, the file prints without the
    claim that it cannot keep.
    """
    pdf = typesetter.pdf(**job)
    found = faults(pdf)
    if _of_letters(found):
        return typesetter.pdf(**job, claims=False), {}
    return pdf, found


def _of_letters(found: Mapping[str, str]) -> bool:
    return bool(found) and all(rule.endswith(_LETTER_RULES) for rule in found)


def limit(memory: int) -> None:
    """Bound what a hostile page can take, and let the server's own work go first."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the page
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    os.nice(5)
    # What goes wrong is told by the answer; the log lines would quote the page.
    logging.disable(logging.CRITICAL)


def work(connection: Connection, typesetter: Typesetter, seconds: float) -> None:
    """Answer jobs until the other side is gone, each in so many seconds of processor time: then the system ends this
    process. Garbage is collected between pages, never while one is waited for."""
    gc.disable()
    connection.send_bytes(b"ready")
    if not connection.poll():
        typesetter.pdf(_FIRST_PAGE, "en", "-", 0, typesetter.first)
    gc.collect()
    gc.freeze()
    while True:
        job = json.loads(connection.recv_bytes())
        signal.setitimer(signal.ITIMER_PROF, seconds)
        told = answer(typesetter, job)
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.send_bytes(told)
        gc.collect()


def main() -> None:
    descriptor, settings, folder = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
    limit(settings["memory"])
    stylesheets = {name: Path(file) for name, file in settings["stylesheets"].items()}
    typesetter = Typesetter(stylesheets, Path(settings["font_dir"]))
    with contextlib.suppress(EOFError, BrokenPipeError):
        work(Connection(descriptor), typesetter, settings["seconds"])
    # The parent tidies up after a press that it ends; here it is gone itself.
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
