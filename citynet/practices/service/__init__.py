"""Commands on practices: write, submit, sign off, send back, publish, withdraw, confirm."""

from citynet.practices.service.assigning import assign
from citynet.practices.service.comments import comment_on, resolve
from citynet.practices.service.editing import BothChanged, come_to, keep
from citynet.practices.service.holding import Seen, refuse_reviewed
from citynet.practices.service.liveness import Question, answer_question, question_of
from citynet.practices.service.publishing import INDEX, publish, schedule, unschedule
from citynet.practices.service.restoring import restore
from citynet.practices.service.review import send_back, sign_off, submit, unanswered
from citynet.practices.service.translating import (
    OriginalChanged,
    begin_translation,
    discard_translation,
    keep_words,
    take_over,
)
from citynet.practices.service.translation_review import (
    lacking,
    publish_translation,
    send_back_translation,
    sign_off_translation,
    submit_translation,
    take_down_translation,
)
from citynet.practices.service.trusting import review_again, trust
from citynet.practices.service.withdrawing import bring_back, withdraw
from citynet.practices.service.writing import EditedMeanwhile, create, save

__all__ = [
    "INDEX",
    "BothChanged",
    "EditedMeanwhile",
    "OriginalChanged",
    "Question",
    "Seen",
    "answer_question",
    "assign",
    "begin_translation",
    "bring_back",
    "come_to",
    "comment_on",
    "create",
    "discard_translation",
    "keep",
    "keep_words",
    "lacking",
    "publish",
    "publish_translation",
    "question_of",
    "refuse_reviewed",
    "resolve",
    "restore",
    "review_again",
    "save",
    "schedule",
    "send_back",
    "send_back_translation",
    "sign_off",
    "sign_off_translation",
    "submit",
    "submit_translation",
    "take_down_translation",
    "take_over",
    "trust",
    "unanswered",
    "unschedule",
    "withdraw",
]
