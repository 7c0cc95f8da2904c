"""The entry for a WSGI server: `gunicorn wsgi:app`, and for `flask --app wsgi …`."""

from citynet.app import create_app
from config import Config

app = create_app(Config.from_env())
