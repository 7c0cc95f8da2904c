"""The commands of `flask --app wsgi …`, one file a group."""

from __future__ import annotations

from flask import Flask

from citynet.cli import audit, index, members, people, practices, serving


def init_app(app: Flask) -> None:
    """Add the commands."""
    for group in (audit.group, index.group, members.group, people.group, practices.group):
        app.cli.add_command(group)
    for command in (serving.setup, serving.serve, serving.run_worker):
        app.cli.add_command(command)
    app.cli.add_command(serving.demo_group)
    app.cli.add_command(serving.effects_group)
