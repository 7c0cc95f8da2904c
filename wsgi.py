"""The entry for a WSGI server: `gunicorn wsgi:app`, and for `flask --app wsgi …`."""

import os
import sys

from citynet.app import create_app
from config import Config, SettingError

# gunicorn takes this to mean that starting again is of no use.
CANNOT_START = 3

# Database and files are for the network's own account alone.
os.umask(0o077)

try:
    app = create_app(Config.from_env())
except SettingError as error:
    sys.stderr.write(f"CityNet cannot start. {error}\n")
    sys.exit(CANNOT_START)
