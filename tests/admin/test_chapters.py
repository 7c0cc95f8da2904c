"""The desk of chapters: made, filled, given a secretariat, deleted; and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citynet.cities import queries as cities
from citynet.cities import service
from citynet.cities.models import Chapter, City
from citynet.kit import audit, db
from tests import network

CHAPTER = "/admin/chapters/chapter"
GETS = ("/admin/chapters", "/admin/chapters/new", CHAPTER, f"{CHAPTER}/edit", f"{CHAPTER}/delete")
POSTS: dict[str, dict[str, Any]] = {
    "/admin/chapters/new": {"name": "New", "country": ""},
    f"{CHAPTER}/edit": {"name": "Other", "country": ""},
    f"{CHAPTER}/cities": {"cities": "seoul"},
    f"{CHAPTER}/cities/out": {"city": "kabupaten-sidoarjo"},
    f"{CHAPTER}/people": {"email": "person@nowhere.example"},
    f"{CHAPTER}/people/1/remove": {},
    f"{CHAPTER}/delete": {},
}


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


def chapter_of(slug: str) -> str | None:
    """Return in which chapter a city is."""
    db.session().expire_all()
    found = cities.get_city(slug).chapter
    return found.slug if found else None


def acts() -> int:
    """Return how many acts the audit log holds."""
    return db.session().scalar(select(func.count()).select_from(audit.Entry)) or 0


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("role", ["visitor", "lead", "suspended", "nobody's", "chapter"])
def test_chapters_are_the_networks_secretariats(app: Flask, role: str, path: str) -> None:
    """A chapter's own secretariat does not change chapters."""
    answer = network.client_of(app, role).get(path)
    assert answer.status_code == (302 if role == "visitor" else 403)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("role", ["visitor", "lead", "suspended", "nobody's", "chapter"])
def test_others_change_no_chapter(app: Flask, role: str, path: str) -> None:
    """Nothing is written."""
    browser = network.client_of(app, role)
    before = acts()
    answer = network.post(browser, path, POSTS[path])
    assert answer.status_code == (401 if role == "visitor" else 403)
    assert acts() == before
    assert chapter_of("kabupaten-sidoarjo") == "chapter"
    assert chapter_of("seoul") is None


@pytest.mark.parametrize("path", GETS)
def test_secretariat_opens_each_page(admin: FlaskClient, path: str) -> None:
    """Each has one main heading."""
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("path", [f"/admin/chapters/nowhere{end}" for end in
                                  ("", "/edit", "/delete")])  # fmt: skip
def test_unknown_chapter_is_not_found(admin: FlaskClient, path: str) -> None:
    """Reading and writing alike."""
    assert admin.get(path).status_code == 404
    if not path.endswith("nowhere"):
        assert network.post(admin, path, {"name": "x"}).status_code == 404


def test_chapter_is_made_filled_and_given_a_secretariat(app: Flask, admin: FlaskClient) -> None:
    """From nothing to a person who decides on its city."""
    data = {"name": "CityNet Korea", "country": "KR"}
    page = network.post(admin, "/admin/chapters/new", data, follow_redirects=True).text
    assert "CityNet Korea is begun." in page
    assert "New applications from South Korea come to this chapter." in page
    path = "/admin/chapters/citynet-korea"
    page = network.post(admin, f"{path}/cities", {"cities": "Seoul\r\n\r\nseoul"},
                        follow_redirects=True).text  # fmt: skip
    assert "1 city is put in." in page
    page = network.post(admin, f"{path}/people", {"email": "PERSON@nowhere.example"},
                        follow_redirects=True).text  # fmt: skip
    assert "Nemo" in page
    assert 'href="/admin/memberships/seoul">Seoul</a>' in page
    browser = network.client_of(app, "nobody's")
    answer = network.post(
        browser, "/admin/memberships/seoul/suspended", {"reason": "Fees", "seen": "active"}
    )
    assert answer.status_code == 302
    assert browser.get("/admin/memberships/kabupaten-sidoarjo").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "country": ""}, "Write a name"),
        ({"name": "x" * 200, "country": ""}, "Write a name"),
        ({"name": "Chapter of the example sea", "country": ""}, "of this name already"),
        ({"name": "New", "country": "ZZZ"}, "Choose a country"),
    ],
)
def test_chapter_that_cannot_be_keeps_what_was_typed(
    admin: FlaskClient, data: dict[str, str], words: str
) -> None:
    """The field is named."""
    answer = network.post(admin, "/admin/chapters/new", data)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["name"]}"' in answer.text
    assert db.session().scalar(select(func.count(Chapter.id))) == 1


def test_list_with_an_unknown_line_puts_nothing_in(admin: FlaskClient) -> None:
    """And stands there again, with the lines that are wrong."""
    text = "seoul\n<b>Atlantis</b>\nsuspended"
    answer = network.post(admin, f"{CHAPTER}/cities", {"cities": text})
    assert answer.status_code == 422
    assert "&lt;b&gt;Atlantis&lt;/b&gt;" in answer.text
    assert "<b>Atlantis" not in answer.text
    assert chapter_of("seoul") is None
    assert network.post(admin, f"{CHAPTER}/cities", {"cities": "\n \n"}).status_code == 422


def test_many_cities_go_in_at_once(admin: FlaskClient) -> None:
    """By a list of a thousand codes; one more than two thousand is refused."""

    @db.transaction
    def add(count: int) -> list[str]:
        places = [
            City(slug=f"town-{number}", code=f"x:{number}", name=f"Town {number}", kind="city",
                 country="KR", latitude=1.0, longitude=1.0)
            for number in range(count)
        ]  # fmt: skip
        db.session().add_all(places)
        return [one.code for one in places]

    codes = add(2001)
    answer = network.post(admin, f"{CHAPTER}/cities", {"cities": "\n".join(codes)})
    assert answer.status_code == 422
    assert "at most 2,000" in answer.text
    page = network.post(
        admin, f"{CHAPTER}/cities", {"cities": "\n".join(codes[:1000])}, follow_redirects=True
    ).text
    assert "1,000 cities are put in." in page or "1000 cities are put in." in page
    assert chapter_of("town-999") == "chapter"
    assert chapter_of("town-1000") is None


def test_ticked_cities_are_taken_out(admin: FlaskClient) -> None:
    """What is not of this chapter is left alone."""
    data = {"city": ["kabupaten-sidoarjo", "seoul", "nowhere"]}
    page = network.post(admin, f"{CHAPTER}/cities/out", data, follow_redirects=True).text
    assert "1 city is taken out." in page
    assert chapter_of("kabupaten-sidoarjo") is None
    assert chapter_of("pending") == "chapter"


@pytest.mark.parametrize(
    ("email", "status", "words"),
    [
        ("official@seoul.example", 409, "acts for a city"),
        ("admin@citynet.example", 409, "network&#39;s secretariat"),
        ("nobody@citynet.example", 422, "No account has this address"),
        ("a@b.example\r\nBcc: c@d.example", 422, "No account has this address"),
        ("x" * 10_000, 422, "No account has this address"),
    ],
)
def test_person_who_cannot_be_of_it_is_refused(
    admin: FlaskClient, email: str, status: int, words: str
) -> None:
    """With the reason at the field."""
    answer = network.post(admin, f"{CHAPTER}/people", {"email": email})
    assert answer.status_code == status
    assert words in answer.text
    assert len(cities.people_of_chapter(cities.get_chapter("chapter").id)) == 1


def test_person_is_taken_out_and_loses_the_desk_at_once(app: Flask, admin: FlaskClient) -> None:
    """With a live session; the second time there is nobody."""
    browser = network.client_of(app, "chapter")
    assert browser.get("/admin/memberships").status_code == 200
    path = f"{CHAPTER}/people/{network.actor('chapter').person_id}/remove"
    assert network.post(admin, path).status_code == 302
    assert browser.get("/admin/memberships").status_code == 403
    assert network.post(admin, path).status_code == 404


def test_chapter_is_deleted_once_it_is_empty(admin: FlaskClient) -> None:
    """After a question; before that it says what is in the way."""
    answer = network.post(admin, f"{CHAPTER}/delete")
    assert answer.status_code == 409
    assert "Take the cities and the people out first" in answer.text
    secretariat, found = network.actor("secretariat"), cities.get_chapter("chapter")
    service.take_out(secretariat, [city for city, _standing in cities.cities_of_chapter(found.id)])
    service.remove_chapter_person(secretariat, found, network.actor("chapter").person_id or 0)
    assert "for good" in admin.get(f"{CHAPTER}/delete").text
    page = network.post(admin, f"{CHAPTER}/delete", follow_redirects=True).text
    assert "The chapter is deleted." in page
    assert "There is no chapter" in page


def test_reviews_of_a_chapter_hold_its_own_texts(app: Flask) -> None:
    """Members' texts of other cities do not stand there."""
    network.write_to("signed_off", title="Of the chapter")
    network.write_to("signed_off", "rival", title="Of others")
    page = network.client_of(app, "chapter").get("/admin/reviews").text
    assert "Of the chapter" in page
    assert "Of others" not in page


def test_chapter_publishes_from_its_desk(app: Flask, client: FlaskClient) -> None:
    """From the list to the readers."""
    practice = network.write_to("signed_off")
    browser = network.client_of(app, "chapter")
    assert "Publish" in browser.get(f"/practices/{practice.slug}/draft").text
    assert network.post(browser, f"/practices/{practice.slug}/publish").status_code == 302
    assert client.get(f"/practices/{practice.slug}").status_code == 200


def test_menu_leads_the_chapters_secretariat_to_the_desk(app: Flask) -> None:
    """And says which secretariat it is."""
    page = network.client_of(app, "chapter").get("/").text
    assert 'href="/admin/"' in page
    assert "Secretariat of Chapter of the Example Sea" in page
    work = network.client_of(app, "chapter").get("/work")
    assert work.headers["Location"].endswith("/admin/")
