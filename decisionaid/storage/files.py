"""The database's files: nobody but the account that runs the program can read them, whatever the umask says."""

import os
import stat
from contextlib import suppress
from pathlib import Path

OWNERS_FILE, OWNERS_FOLDER = 0o600, 0o700


def make_private(database: Path) -> None:
    """Make the file of a database where there is none, and close it and what lies beside it to everybody else.

    SQLite gives its -wal and -shm the mode of the database. Older ones are put right, with every file that begins with
    the database's name (a copy, a backup). Its folder is closed too, unless it is a place for other things as well.
    """
    folder = database.parent
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if is_new or _is_for_databases(folder):
        _close(folder, OWNERS_FOLDER)
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, OWNERS_FILE))
    for file in folder.glob(f"{database.name}*"):
        if file.is_file() and not file.is_symlink():
            _close(file, OWNERS_FILE)


def _is_for_databases(folder: Path) -> bool:
    """Whether others have no business here: not a shared folder such as /tmp, nor one that holds folders, as a home."""
    is_shared = folder.stat().st_mode & (stat.S_ISVTX | stat.S_IWOTH)
    return not is_shared and not any(inside.is_dir() for inside in folder.iterdir())


def _close(path: Path, mode: int) -> None:
    """Set the mode where it is ours to set; some file systems have none."""
    found = path.stat()
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        with suppress(PermissionError):
            path.chmod(mode)
