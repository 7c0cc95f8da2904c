"""The words readers see for the facets of a search and for their values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from citynet.cities import queries as cities
from citynet.cities.models import Kind
from citynet.kit.i18n import LANGUAGES, country_name, language_name, lazy
from citynet.practices import queries as practices
from citynet.practices.charts import EVIDENCE, Evidence
from citynet.practices.words import COST_BANDS, STATUSES, VISIBILITIES

# In the order in which they help: what about, where, for whom, how well.
TITLES = {
    "topic": lazy("Topic"),
    "country": lazy("Country"),
    "province": lazy("Province"),
    "city": lazy("City"),
    "kind": lazy("Kind of city"),
    "population": lazy("Population"),
    "language": lazy("Language"),
    "status": lazy("Status"),
    "year": lazy("Year it began"),
    "cost": lazy("Cost to set it up"),
    "evidence": lazy("Evidence of the results"),
    "visibility": lazy("Who may read it"),
}
KINDS = {
    Kind.KOTA: lazy("City (kota)"),
    Kind.KABUPATEN: lazy("Regency (kabupaten)"),
    Kind.CITY: lazy("City or town"),
}
POPULATIONS = {
    "under_100k": lazy("Under 100,000"),
    "to_500k": lazy("100,000 to 500,000"),
    "to_1m": lazy("500,000 to 1 million"),
    "to_5m": lazy("1 to 5 million"),
    "over_5m": lazy("5 million and more"),
}
# The closed sets, each in the order in which its values are read.
VALUES: Mapping[str, Mapping[str, str]] = {
    "kind": {str(key): words for key, words in KINDS.items()},
    "population": POPULATIONS,
    "language": LANGUAGES,
    "status": {str(key): words for key, words in STATUSES.items()},
    "cost": {str(key): words for key, words in COST_BANDS.items()},
    "evidence": {str(key): EVIDENCE[key] for key in reversed(Evidence)},
    "visibility": {str(key): words for key, words in VISIBILITIES.items()},
}


def labels(name: str, values: Collection[str]) -> Callable[[str], str]:
    """Return how to write these values of a facet for people."""
    if name == "topic":
        topics = practices.topics_by_slug(values)
        return lambda value: topics[value].name if value in topics else value
    if name == "city":
        names = cities.names_by_slug(values)
        return lambda value: names.get(value, value)
    if name == "country":
        return country_name
    if name == "language":
        return language_name
    known = VALUES.get(name, {})
    return lambda value: str(known.get(value, value))
