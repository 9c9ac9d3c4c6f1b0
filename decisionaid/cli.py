"""The command line: start a service, serve it, build what the browser needs, check the decks, walk a whole round."""

import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from sqlalchemy import make_url, select

from decisionaid import PACKAGE, assets, check, create_app, demonstration, i18n, packaged, serving, translating
from decisionaid.assets import Assets
from decisionaid.casework import keeping_decks, passwords, people
from decisionaid.core.guessable import Weakness, weakness
from decisionaid.printing import PdfPool
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.deck_rounds import round_faults
from decisionaid.storage.decks import Fault, load_decks
from decisionaid.storage.decks import check as check_decks
from decisionaid.storage.models import Nation, Role, Service, Staff
from decisionaid.web import blank_paper
from decisionaid.web.forms import tidy
from decisionaid.web.printer import PRINTS, THREADS

DESK_LANGUAGES = [language.code for language in i18n.desk_languages()]
NO_CRISIS_LINES = """Nothing prints without crisis lines, and this service has none in {}.
Sign in as an admin, open Service, and add them under "Crisis lines".
If there is no service yet, begin one first: decisionaid init"""
NOT_SUPPORTED = """Only SQLite is supported. PostgreSQL and other databases are not supported yet.
Leave DATABASE_URL out, or set it to a file: sqlite:////srv/decisionaid/decisionaid.db"""
WEAK = {
    Weakness.SHORT: "Use at least 12 characters for the password.",
    Weakness.PATTERN: "This password is a pattern and easy to guess. Use a few words in a row.",
    Weakness.OWN: "Leave the name, the login and the service's name out of the password.",
}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def _addresses(_context: click.Context, option: click.Parameter, named: tuple[str, ...]) -> tuple[str, ...]:
    """The named proxies, each an address or a network."""
    try:
        serving.proxies(named)
    except ValueError as error:
        said = f"{error}. Give the proxy's address or network, like 10.0.0.5 or 10.0.0.0/24."
        raise click.BadParameter(said, param=option) from error
    return named


def _time_zone(_context: click.Context, option: click.Parameter, typed: str) -> str:
    """The zone that was typed, in its own letters: small and large ones are alike."""
    known = {zone.lower(): zone for zone in i18n.time_zones()}
    if typed.strip().lower() not in known:
        raise click.BadParameter("Give the name of a place, like Europe/London or Europe/Warsaw.", param=option)
    return known[typed.strip().lower()]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Decision Aid: two people sort cards alone, compare them, and agree a care plan."""


@main.command()
@click.option("--service", prompt="Name of the service")
@click.option("--language", type=click.Choice(DESK_LANGUAGES), default=i18n.SOURCE, show_default=True)
@click.option("--nation", prompt="Nation of the service", type=click.Choice([nation.value for nation in Nation]))
@click.option("--time-zone", prompt="Time zone of the service", default="Europe/London", callback=_time_zone)
@click.option("--login", prompt="Login of the first admin")
@click.option("--name", prompt="Name of the first admin")
@click.option(
    "--password",
    prompt="Temporary password (12 characters or more; the admin changes it at first sign-in)",
    confirmation_prompt="The same password again",
    hide_input=True,
)
def init(service: str, language: str, nation: str, time_zone: str, login: str, name: str, password: str) -> None:
    """Create a new, empty service and its first admin."""
    service, login, name, password = map(tidy, (service, login, name, password))  # as the pages tidy what is typed
    if weak := weakness(password, login=login, name=name, service=service):
        raise click.ClickException(WEAK[weak])
    database = Database(database_url())
    schema.upgrade(database)
    with database.writing() as db:
        if db.query(Service).first() is not None:
            raise click.ClickException("This database already holds a service.")
        now = datetime.now(UTC)
        begun = people.found_service(
            db, service, language=language, nation=Nation(nation), time_zone=time_zone, now=now
        )
        people.add_staff(
            db,
            begun,
            login=login,
            name=name,
            role=Role.ADMIN,
            password_hash=passwords.hashed(password),
            language=language,
            actor="init",
            now=now,
        )
    click.echo("The service is ready. Start it with: decisionaid serve")


@main.command(name="reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """Give LOGIN a new first password and print it. Their sessions end; they choose a password and PIN at sign-in."""
    password = passwords.new_password()
    with closing(Database(database_url())) as database:
        schema.upgrade(database)
        with database.writing() as db:
            staff = db.scalar(select(Staff).where(Staff.login == tidy(login).lower()))
            if staff is None:
                raise click.ClickException(f"Nobody here has the login {login}.")
            if staff.disabled_at is not None:
                raise click.ClickException(f"{login} cannot sign in. An admin can let them in again, under People.")
            people.reset(db, staff, passwords.hashed(password), actor="reset-password", now=datetime.now(UTC))
    click.echo(f"Temporary password for {staff.name}: {password}\nAt sign-in they choose their own, and a PIN.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False), help="Certificate file, for https.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="Key file of the certificate.")
@click.option(
    "--behind-proxy",
    multiple=True,
    metavar="ADDRESS",
    callback=_addresses,
    help="Address or network of a proxy in front that speaks https. Nobody else’s X-Forwarded-* is believed.",
)
def serve(host: str, port: int, certificate: str | None, key: str | None, behind_proxy: tuple[str, ...]) -> None:
    """Serve the service created by `init`. On any host but 127.0.0.1 this needs https and PUBLIC_URL."""
    _refuse(_deck_faults())
    public_url = os.environ.get("PUBLIC_URL", "")
    if host not in LOOPBACK:
        if not public_url.startswith("https://"):
            raise click.ClickException("Set PUBLIC_URL to the https address that people use, or serve on 127.0.0.1.")
        if not (certificate and key) and not behind_proxy:
            raise click.ClickException(
                "Give --certificate and --key, or --behind-proxy with the address of the proxy that speaks https."
            )
    database = Database(database_url())
    schema.upgrade(database)
    with database.reading() as db:
        begun = db.query(Service).first() is not None
    _give_rounds_their_decks(database, _own_decks())
    database.close()
    if not begun:
        raise click.ClickException("There is no service yet. Create one with: decisionaid init")
    config = {
        "DATABASE_URL": database_url(),
        "PUBLIC_URL": public_url,
        "BEHIND_PROXY": behind_proxy,
        "OWN_DECKS": _own_decks(),
    }
    serving.serve(
        partial(create_app, **config),
        host,
        port,
        cert=Path(certificate) if certificate else None,
        key=Path(key) if key else None,
        slow=PRINTS,
        slow_threads=THREADS,
    )


@main.command(name="demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--fresh", is_flag=True, help="Reset the demonstration.")
def demonstrate(host: str, port: int, fresh: bool) -> None:
    """Serve a demonstration whose people are all invented."""
    if host not in LOOPBACK:
        raise click.ClickException("The demonstration shows its logins to anyone, so it only runs on 127.0.0.1.")
    _refuse(_deck_faults(packaged("questionnaires")))
    path = _instance() / "demonstration.db"
    demonstration.prepare(path, fresh=fresh)
    with closing(Database(f"sqlite:///{path}")) as database:
        _give_rounds_their_decks(database, None)
    program = partial(create_app, DATABASE_URL=f"sqlite:///{path}", **demonstration.CONFIG)
    serving.serve(program, host, port, slow=PRINTS, slow_threads=THREADS)


@main.command(name="assets")
def build_assets() -> None:
    """Build the styles, scripts, pictures and message catalogues that pages need."""
    try:
        assets.build()
    except assets.AssetsFailed as failed:
        raise click.ClickException(str(failed)) from failed


@main.group(name="decks")
def decks() -> None:
    """The cards and questions in `questionnaires/`."""


@decks.command(name="check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
def decks_check(folder: Path | None) -> None:
    """List every fault of the decks, with file and place, and what this database would miss of them.

    Without FOLDER these are the decks that the program starts with: its own, and those in the instance folder.
    """
    faults = _deck_faults(folder) or _database_faults(folder)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        sys.exit(1)
    click.echo("No faults found.")


@decks.command(name="pictures")
def decks_pictures() -> None:
    """List the pictures that a deck can name."""
    click.echo("\n".join(sorted(Assets.load().icons)))


@main.command()
@click.option("--strict", is_flag=True, help="Exit with status 1 if anything is missing, stale or unreviewed.")
@click.option(
    "--translated",
    type=click.Choice(list(i18n.LANGUAGES)),
    help="Record that this language's decks match the current English.",
)
def translations(strict: bool, translated: str | None) -> None:
    """List missing, outdated and unreviewed translations for each language."""
    if translated:
        translating.note_made_from(translated, i18n.CATALOGUES, packaged("questionnaires"))
    reports = translating.all_reports()
    for report in reports:
        click.echo("\n".join(report.lines()))
    if strict and not all(report.is_ready for report in reports):
        sys.exit(1)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), default=i18n.SOURCE, show_default=True)
@click.option("--easy", is_flag=True, help="Short and easy words on the cards.")
def paper(folder: Path, language: str, easy: bool) -> None:
    """Write PDFs for use without a tablet into FOLDER: cards, answer sheet and blank plan."""
    database, pool = Database(database_url()), PdfPool(processes=1)
    schema.upgrade(database)
    try:
        files = blank_paper.printed(
            create_app(DATABASE=database, PDF_POOL=pool, OWN_DECKS=_own_decks()), language, easy=easy
        )
    except blank_paper.NoCrisisLines:
        raise click.ClickException(NO_CRISIS_LINES.format(i18n.LANGUAGES[language].name)) from None
    except blank_paper.NoEasyWords:
        raise click.ClickException("The cards have no short and easy words in this language yet.") from None
    finally:
        pool.close()
        database.close()
    folder.mkdir(parents=True, exist_ok=True)
    for name, pdf in files.items():
        (folder / name).write_bytes(pdf)
        click.echo(str(folder / name))


@main.command(name="check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def walk(folder: Path) -> None:
    """Run one full round and a review over HTTP; write both plans and check.json into FOLDER."""
    sys.exit(check.run(folder))


def database_url() -> str:
    """Where the service's records are: DATABASE_URL, or SQLite in the instance folder."""
    url = os.environ.get("DATABASE_URL", f"sqlite:///{_instance() / 'decisionaid.db'}")
    if not url.startswith("sqlite:"):
        raise click.ClickException(NOT_SUPPORTED)
    return url


def _deck_faults(folder: Path | None = None) -> list[Fault]:
    """All that is amiss with the decks in themselves: of the built pictures and of the languages spoken, too."""
    shipped, own = _folders(folder)
    return check_decks(shipped, Assets.load().icons, i18n.LANGUAGES, own=own)


def _folders(folder: Path | None) -> tuple[Path, Path | None]:
    """Where the decks lie: in this folder alone, or else in the program's and the service's own."""
    return (folder, None) if folder else (packaged("questionnaires"), _own_decks())


def _own_decks() -> Path:
    """The folder of the service's own decks, which an upgrade leaves alone."""
    return _instance() / "questionnaires"


def _database_faults(folder: Path | None = None) -> list[Fault]:
    """What the rounds of this database would miss of the decks; none where there is no database yet."""
    if not Path(make_url(database_url()).database or "").exists():
        return []
    shipped, own = _folders(folder)
    with closing(Database(database_url())) as database, database.reading() as db:
        return round_faults(db, load_decks(shipped, own=own))


def _give_rounds_their_decks(database: Database, own: Path | None) -> None:
    """See that each round of the database has the deck that it was opened with, and that it is whole."""
    newest = load_decks(packaged("questionnaires"), own=own)
    with database.writing() as db:
        faults = round_faults(db, newest)
        if not faults:
            keeping_decks.adopt(db, newest, datetime.now(UTC))
    _refuse(faults)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        listed = "\n".join(str(fault) for fault in faults)
        raise click.ClickException(f"The program does not start: its decks have faults.\n{listed}")


def _instance() -> Path:
    return Path(os.environ.get("INSTANCE", PACKAGE.parent / "instance"))
