"""Questions to the database of the demonstration: which row shows a certain state."""

from __future__ import annotations

TEXT = (
    "SELECT practices.slug FROM practices JOIN revisions ON revisions.practice_id = practices.id"
    " JOIN cities ON cities.id = practices.city_id WHERE revisions.state = ?"
)
PUBLIC = f"{TEXT} AND revisions.visibility = 'public'"
NUMBER_OF = (
    "SELECT number FROM revisions JOIN practices ON practices.id = practice_id"
    " WHERE state = 'published' AND slug = ?"
)
BY_CITY = f"{TEXT} AND cities.slug = ?"
CITY_WITH = TEXT.replace("practices.slug", "cities.slug") + (
    " AND cities.id IN (SELECT city_id FROM memberships WHERE standing = 'active')"
)
PERSON_OF = (
    "SELECT people.email FROM people JOIN officials ON officials.person_id = people.id"
    " JOIN cities ON cities.id = officials.city_id WHERE officials.role = ? AND cities.slug = ?"
)
OFFICIAL_OF_A = (
    "SELECT people.email FROM people JOIN officials ON officials.person_id = people.id"
    " JOIN memberships ON memberships.city_id = officials.city_id"
    " WHERE officials.role = 'official' AND memberships.standing = ?"
)
CITY_THAT_IS = (
    "SELECT cities.slug FROM cities JOIN memberships ON memberships.city_id = cities.id"
    " WHERE memberships.standing = ?"
)
CITY_WITH_TWO_TEXTS = f"{CITY_WITH} AND revisions.number > 1".replace("= ?", "= 'published'")
_LED = (
    " FROM people JOIN officials ON officials.person_id = people.id"
    " JOIN cities ON cities.id = officials.city_id"
    " JOIN memberships ON memberships.city_id = cities.id"
    " JOIN practices ON practices.city_id = cities.id"
    " JOIN revisions ON revisions.practice_id = practices.id"
    " WHERE officials.role = 'lead' AND memberships.standing = 'active'"
    " AND revisions.state = 'published' AND revisions.visibility = 'public'"
    " ORDER BY practices.slug"
)
# A practice whose city has a lead, and the lead's address: the first, or with DESC the last.
LED, LEAD_OF_LED = f"SELECT practices.slug{_LED}", f"SELECT people.email{_LED}"
CITY_WITH_A_TERM = f"{CITY_THAT_IS} AND memberships.until_day IS NOT NULL ORDER BY until_day"
EMPTY_TOPIC = (
    "SELECT slug FROM topics WHERE parent_id IS NOT NULL AND id NOT IN"
    " (SELECT topic_id FROM revision_topics)"
)
PERSON = "SELECT id FROM people WHERE email = ?"
OFFICIAL = "SELECT officials.id FROM officials JOIN people ON people.id = person_id WHERE email = ?"
REQUEST = "SELECT id FROM join_requests WHERE state = 'waiting'"
INVITATION = "SELECT id FROM invitations WHERE used_at IS NULL AND revoked_at IS NULL"
ANNOUNCEMENT = "SELECT id FROM announcements"
APPLICATION = "SELECT id FROM applications WHERE first_id IS NULL AND state = ?"
JOINED_TO = "SELECT first_id FROM applications WHERE first_id IS NOT NULL"
NOT_LISTED = (
    "SELECT id FROM applications WHERE city_id IS NULL AND state = 'waiting' ORDER BY id DESC"
)
MISSING_REPORT = "SELECT id FROM missing_reports WHERE query = ? AND state = 'open'"
TOPIC_WITHIN = "SELECT id FROM topics WHERE parent_id IS NOT NULL"
OTHER_TOPIC = "SELECT id FROM topics WHERE parent_id IS NOT NULL AND id <> ?"
