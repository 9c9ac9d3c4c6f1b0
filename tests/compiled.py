"""The program's templates, compiled once for all processes that run tests, and kept for the next time."""

from flask import Flask
from jinja2 import FileSystemBytecodeCache

Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache()}
