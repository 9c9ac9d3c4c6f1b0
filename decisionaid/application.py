"""The program put together: configure, then `init_app` of each part, then the blueprints of the seats."""

from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from decisionaid import PACKAGE, i18n, packaged
from decisionaid.assets import Assets
from decisionaid.printing import PdfPool
from decisionaid.serving import BehindProxies, Compressed, proxies
from decisionaid.storage.database import Database
from decisionaid.storage.decks import load_decks
from decisionaid.storage.kept_decks import KeptDecks
from decisionaid.web import (
    admin,
    client,
    csrf,
    days,
    drafts,
    errors,
    headers,
    keyworker,
    page_parts,
    pages,
    public,
    request,
    seat,
    sweep,
    together,
)

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


def build(**config: Any) -> Flask:
    """The program, ready to serve.

    Config:
        DATABASE_URL: a SQLAlchemy URL (default: SQLite in `instance/`).
        PUBLIC_URL: the https address people use; without it only this machine is served.
        BEHIND_PROXY: the addresses and networks of proxies whose X-Forwarded-* is believed; none by default.
        DECKS: decks already read; those in `questionnaires/` and OWN_DECKS by default.
        OWN_DECKS: the folder of the service's own decks, if it has any.
        PDF_POOL: a `PdfPool`; one with two processes by default.
        BUILD: the folder of built assets.

    Raises:
        BrokenDecks: a deck has faults, or lacks a language of the program; all are listed.
        DatabaseTooWeak: the database would not keep what it acknowledges.
    """
    app = Flask("decisionaid", static_folder=None, template_folder=str(packaged("templates").resolve()))
    app.config.from_mapping(
        DATABASE_URL=f"sqlite:///{Path(app.instance_path) / 'decisionaid.db'}",
        OWN_DECKS=None,
        PUBLIC_URL="",
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=500,
    )
    app.config.from_mapping(config)
    app.config["SECURE_COOKIES"] = app.config["PUBLIC_URL"].startswith("https://")
    app.config["TRUSTED_HOSTS"] = app.config["TRUSTED_HOSTS"] or _hosts(app.config["PUBLIC_URL"])
    app.extensions["database"] = app.config.get("DATABASE") or Database(app.config["DATABASE_URL"])
    app.extensions["assets"] = Assets.load(app.config.get("BUILD") or PACKAGE / "static" / "build")
    icons = app.extensions["assets"].icons
    app.extensions["decks"] = app.config.get("DECKS") or load_decks(
        packaged("questionnaires"), icons, i18n.LANGUAGES, own=app.config["OWN_DECKS"]
    )
    app.extensions["kept_decks"] = KeptDecks(icons)
    app.extensions["pdf"] = app.config.get("PDF_POOL") or PdfPool()
    for part in (pages, request, seat, sweep, csrf, days, drafts, page_parts, headers, errors):
        part.init_app(app)
    for seat_blueprint in (public, client, keyworker, together, admin):
        app.register_blueprint(seat_blueprint.blueprint)
    app.wsgi_app = _around(app)  # type: ignore[method-assign]
    return app


def _around(app: Flask) -> Any:
    """The app behind what hands out built files, makes answers small, and believes the proxies that are named."""
    build = app.extensions["assets"].folder
    files = WhiteNoise(app.wsgi_app, root=str(build), prefix="static/", immutable_file_test=lambda _path, _url: True)
    files.add_headers_function = headers.protect_file
    small = Compressed(files)
    believed = proxies(app.config.get("BEHIND_PROXY") or ())
    return BehindProxies(small, believed) if believed else small


def _hosts(public_url: str) -> list[str]:
    if not public_url:
        return list(LOOPBACK)
    return [public_url.removeprefix("https://").split("/")[0].split(":")[0]]
