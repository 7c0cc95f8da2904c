"""Doors to practices: reading, writing, review."""

from flask import Blueprint

bp = Blueprint("practices", __name__, template_folder="../templates")
