"""Commands on practices: write, submit, sign off, send back, publish."""

from citynet.practices.service.holding import Seen
from citynet.practices.service.review import (
    INDEX,
    publish,
    send_back,
    sign_off,
    submit,
    unanswered,
)
from citynet.practices.service.writing import EditedMeanwhile, create, save

__all__ = [
    "INDEX",
    "EditedMeanwhile",
    "Seen",
    "create",
    "publish",
    "save",
    "send_back",
    "sign_off",
    "submit",
    "unanswered",
]
