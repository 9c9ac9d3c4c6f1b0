"""The program's templates, compiled once: loaded before a server is forked, so that no server compiles them again."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from decisionaid.application import build
from decisionaid.storage import schema
from decisionaid.storage.database import Database


class Compiled(BytecodeCache):
    """What Jinja compiled, in memory. A template that was changed is compiled anew, as Jinja looks at its source."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def _compile() -> None:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        schema.upgrade(database)
        templates = build(DATABASE=database).jinja_env
        for name in templates.list_templates():
            templates.get_template(name)
        database.close()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
_compile()
