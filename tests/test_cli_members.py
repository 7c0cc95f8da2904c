"""`members export` and `members import`, as a person types them, with files as people send them."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from citynet.accounts import service as accounts
from citynet.cities import queries as cities
from citynet.cities import service, terms
from citynet.cities.models import Category, City, Kind, Membership, Standing
from citynet.cities.queries import team
from citynet.cities.service import importing
from citynet.kit import audit, db, sheets
from tests.network import PASSWORD, actor

HEADS = "city;country;standing;category;from;until;chapter;lead"


def run(app: Flask, *words: str, answer: str = "") -> tuple[int, str]:
    """Run `members …` and return its exit code and words."""
    found = app.test_cli_runner().invoke(args=["members", *words], input=answer)
    db.session().rollback()
    assert "Traceback" not in found.output
    return found.exit_code, found.output


def bring_in(app: Flask, folder: Path, text: str, *words: str) -> tuple[int, str]:
    """Import a list in CSV without being asked."""
    path = folder / "members.csv"
    path.write_text(text, encoding="utf-8")
    return run(app, "import", str(path), "--yes", *words)


def line(app: Flask, folder: Path, cells: str) -> tuple[int, str]:
    """Import one line under all heads."""
    return bring_in(app, folder, f"{HEADS}\n{cells}\n")


def membership(slug: str) -> Membership | None:
    """Return a membership as the database has it."""
    db.session().expire_all()
    return cities.membership_of(cities.get_city(slug).id)


def history(slug: str) -> int:
    """Return how many changes a membership has had."""
    found = membership(slug)
    return len(cities.history(found)) if found else 0


@pytest.fixture
def ambon(app: Flask) -> City:
    """Add a city of the table that is no member."""

    @db.transaction
    def add() -> City:
        added = City(slug="kota-ambon", code="81.71", name="Ambon", kind=Kind.KOTA, country="ID",
                     province="Maluku", latitude=-3.7, longitude=128.2)  # fmt: skip
        db.session().add(added)
        return added

    return add()


# --- export ---


def test_export_writes_every_membership(app: Flask, tmp_path: Path) -> None:
    """With its days, chapter and lead."""
    path = tmp_path / "out.csv"
    code, _words = run(app, "export", str(path))
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [row["code"] for row in rows] == ["gn:2", "35.15", "gn:1835848", "gn:1"]
    sidoarjo = rows[1]
    assert sidoarjo["chapter"] == "Chapter of the Example Sea"
    assert sidoarjo["lead"] == "lead@sidoarjo.example"
    found = membership("kabupaten-sidoarjo")
    assert found is not None
    assert sidoarjo["until"] == str(found.until_day)


def test_export_writes_a_workbook_where_it_is_asked_for(app: Flask, tmp_path: Path) -> None:
    """By the file's name, or by the option."""
    for name, words in (("out.xlsx", ()), ("out.bin", ("--form", "xlsx"))):
        path = tmp_path / name
        assert run(app, "export", str(path), *words)[0] == 0
        content = io.BytesIO(path.read_bytes())
        assert len(list(load_workbook(content).worksheets[0].rows)) == 5


def test_export_goes_to_the_terminal_without_a_file(app: Flask) -> None:
    """For a pipe."""
    code, words = run(app, "export")
    assert code == 0
    assert "lead@sidoarjo.example" in words


def test_chapters_secretariat_exports_its_own(app: Flask) -> None:
    """By whom it is done decides what is in it."""
    _code, words = run(app, "export", "--by", "chapter@citynet.example")
    assert "35.15" in words
    assert "gn:1835848" not in words


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_exported_list_brought_in_again_changes_nothing(
    app: Flask, tmp_path: Path, name: str
) -> None:
    """And asks nothing."""
    path = tmp_path / name
    run(app, "export", str(path))
    before = db.session().scalar(select(func.count()).select_from(audit.Entry))
    code, words = run(app, "import", str(path))
    assert (code, words.strip()) == (
        0, "0 would change, 4 are so already, 0 are refused.",
    )  # fmt: skip
    assert db.session().scalar(select(func.count()).select_from(audit.Entry)) == before


# --- import ---


def test_new_member_is_written_down_as_it_stands(app: Flask, tmp_path: Path, ambon: City) -> None:
    """Suspended since long ago, say: one change, by the person who brought the list."""
    code, words = line(
        app, tmp_path,
        "81.71;;suspended;associate;16/10/2019;31-12-2020;Chapter of the example sea;",
    )  # fmt: skip
    assert code == 0, words
    found = membership("kota-ambon")
    assert found is not None
    assert (found.standing, found.category) == (Standing.SUSPENDED, Category.ASSOCIATE)
    assert (found.from_day, found.until_day) == (date(2019, 10, 16), date(2020, 12, 31))
    assert found.admitted_at is not None
    assert found.admitted_at.date() == date(2019, 10, 16)
    assert cities.get_city("kota-ambon").chapter is not None
    (change,) = cities.history(found)
    assert (change.before, change.reason) == (None, "members.csv")
    assert change.by is not None
    assert change.by.name == "Ada"


@pytest.mark.parametrize(
    ("cells", "until"),
    [("81.71;;;;;;;", None), ("81.71;;;;;-;;", None), ("81.71;;;;;tanpa batas;;", None),
     ("81.71;;anggota;anggota penuh;2020-01-01;2035-12-31 00:00:00;;", date(2035, 12, 31)),
     ("kota-ambon;ID;;;;;;", None), ("Kota Ambon;Indonesia;;;;;;", None),
     (" ambon ;;ACTIVE;Full Member;;;;", None)],
)  # fmt: skip
def test_line_is_read_as_people_write_it(
    app: Flask, tmp_path: Path, ambon: City, cells: str, until: date | None
) -> None:
    """Codes or names, both languages, empty cells."""
    code, words = line(app, tmp_path, cells)
    assert code == 0, words
    found = membership("kota-ambon")
    assert found is not None
    assert (found.standing, found.until_day) == (Standing.ACTIVE, until)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_file_is_read_as_spreadsheets_write_it(
    app: Flask, tmp_path: Path, ambon: City, encoding: str, sign: str
) -> None:
    """Commas, semicolons, tabs; with a mark at the beginning or none."""
    path = tmp_path / "list.csv"
    path.write_bytes(f"Kota{sign}Status{sign}Sampai\r\n81.71{sign}aktif{sign}2035-12-31\r\n"
                     .encode(encoding))  # fmt: skip
    assert run(app, "import", str(path), "--yes")[0] == 0
    assert membership("kota-ambon") is not None


def test_workbook_is_read(app: Flask, tmp_path: Path, ambon: City) -> None:
    """Its days as spreadsheets keep them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["City", "From", "Until"])
    sheet.append(["81.71", date(2020, 5, 1), date(2035, 12, 31)])
    path = tmp_path / "list.xlsx"
    book.save(path)
    assert run(app, "import", str(path), "--yes")[0] == 0
    found = membership("kota-ambon")
    assert found is not None
    assert (found.from_day, found.until_day) == (date(2020, 5, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("99.99;;;;;;;", "No city of the table is called 99.99"),
        (";KR;;;;;;", "names no city"),
        ("seoul;XX;;;;;;", "no country"),
        ("seoul;ID;;;;;;", "No city of the table"),
        ("seoul;;great;;;;;", "no standing"),
        ("seoul;;;golden;;;;", "no category"),
        ("seoul;;;;yesterday;;;", "no day"),
        ("seoul;;;;31/02/2020;;;", "no day"),
        ("seoul;;applied;;;;;", "it cannot become"),
        ("seoul;;;;;2001-01-01;;", "This day is past"),
        ("seoul;;;;2999-01-01;;;", "lies ahead"),
        ("seoul;;;;;2999-01-01;;", "too far ahead"),
        ("seoul;;;;;;Atlantis;", "no chapter Atlantis"),
        ("seoul;;;;;;;not an address", "address"),
        ("seoul;;;;;;;lead@sidoarjo.example", "another lead"),
        ("pending;;suspended;;;;;", "it cannot become"),
        ("=cmd|' /C calc'!A0;;;;;;;", "No city of the table"),
    ],
)
def test_bad_line_is_refused_with_its_number_and_reason(
    app: Flask, tmp_path: Path, cells: str, words: str
) -> None:
    """And the good ones beside it are brought in all the same."""
    text = f"{HEADS}\nsuspended;;ended;;;;;\n{cells}\n"
    code, output = bring_in(app, tmp_path, text)
    assert code == 1
    assert "line 3:" in output
    assert words in output
    found = membership("suspended")
    assert found is not None
    assert found.standing == Standing.ENDED
    assert history("seoul") == 2


def test_city_that_stands_twice_counts_once(app: Flask, tmp_path: Path) -> None:
    """Under whichever of its names."""
    text = f"{HEADS}\nseoul;;suspended;;;;;\ngn:1835848;;ended;;;;;\n"
    code, words = bring_in(app, tmp_path, text)
    assert code == 1
    assert "Stands in line 2, too." in words
    found = membership("seoul")
    assert found is not None
    assert found.standing == Standing.SUSPENDED


def test_name_that_several_cities_share_needs_its_country(
    app: Flask, tmp_path: Path, ambon: City
) -> None:
    """Nobody is guessed."""

    @db.transaction
    def twin() -> None:
        db.session().add(City(slug="ambon-fj", code="gn:77", name="Ambon", kind=Kind.CITY,
                              country="FJ", latitude=1.0, longitude=1.0))  # fmt: skip

    twin()
    code, words = line(app, tmp_path, "Ambon;;;;;;;")
    assert code == 1
    assert "Several cities are called Ambon" in words
    assert line(app, tmp_path, "Ambon;Fiji;;;;;;")[0] == 0
    assert membership("kota-ambon") is None
    coded = f"city;code;standing\nAmbon;{ambon.code};active\n"
    assert bring_in(app, tmp_path, coded)[0] == 0
    assert membership("kota-ambon") is not None


@pytest.mark.parametrize("name", ["Kab. Sidoarjo", "kab sidoarjo", "Sidoarjo Regency"])
def test_regency_is_known_by_what_people_call_it(app: Flask, tmp_path: Path, name: str) -> None:
    """In short, and in English."""
    code, words = line(app, tmp_path, f"{name};;lapsed;;;;;")
    assert (code, "are refused" in words) == (0, True)
    found = membership("kabupaten-sidoarjo")
    assert found is not None
    assert found.standing == Standing.LAPSED


def test_present_member_changes_step_by_step(app: Flask, tmp_path: Path) -> None:
    """Each step is a change of its own; the second time nothing is left to do."""
    cells = "seoul;;;associate;2019-05-01;2035-12-31;chapter;"
    code, words = line(app, tmp_path, cells)
    assert code == 0, words
    found = membership("seoul")
    assert found is not None
    assert (found.category, found.from_day, found.until_day) == (
        Category.ASSOCIATE, date(2019, 5, 1), date(2035, 12, 31),
    )  # fmt: skip
    assert history("seoul") == 4
    code, words = line(app, tmp_path, cells)
    assert (code, history("seoul")) == (0, 4)
    assert "0 would change, 1 are so already" in words


def test_admission_by_a_list_takes_its_days(app: Flask, tmp_path: Path) -> None:
    """In two steps: admitted, and its first day put right."""
    code, words = line(app, tmp_path, "pending;;active;;2026-01-01;2035-12-31;;")
    assert code == 0, words
    found = membership("pending")
    assert found is not None
    assert (found.standing, found.from_day, found.until_day) == (
        Standing.ACTIVE, date(2026, 1, 1), date(2035, 12, 31),
    )  # fmt: skip


def test_end_is_taken_away_by_a_dash_and_left_by_nothing(app: Flask, tmp_path: Path) -> None:
    """An empty cell speaks of nothing."""
    before = membership("seoul")
    assert before is not None
    last = before.until_day
    line(app, tmp_path, "seoul;;;;;;;")
    found = membership("seoul")
    assert found is not None
    assert found.until_day == last
    line(app, tmp_path, "seoul;;;;;-;;")
    found = membership("seoul")
    assert found is not None
    assert found.until_day is None


def test_lead_is_invited_or_appointed(app: Flask, tmp_path: Path, ambon: City) -> None:
    """Whoever has no account gets a letter; whoever has one leads at once; never twice."""
    for _time in range(2):
        code, words = line(app, tmp_path, "81.71;;;;;;;New@Ambon.example")
        assert code == 0, words
    (invited,) = team.open_invitations(ambon.id)
    assert (invited.email, invited.seat) == ("new@ambon.example", "lead")
    accounts.create_person(None, "known@ambon.example", name="Known", password=PASSWORD)
    service.enter(
        actor("secretariat"), new_city("tual"), Standing.ACTIVE, reason="x",
        category=Category.FULL, from_day=None, until_day=None,
    )  # fmt: skip
    assert line(app, tmp_path, "tual;;;;;;;known@ambon.example")[0] == 0
    lead = team.lead_of(cities.get_city("tual").id)
    assert lead is not None
    assert lead.person.email == "known@ambon.example"


@db.transaction
def new_city(slug: str) -> City:
    """Add a city of the table."""
    added = City(slug=slug, code=slug, name=slug, kind=Kind.CITY, country="ID", latitude=1.0,
                 longitude=1.0)  # fmt: skip
    db.session().add(added)
    return added


def test_dry_run_tells_each_line_and_changes_nothing(
    app: Flask, tmp_path: Path, ambon: City
) -> None:
    """What would happen, what is so already, what cannot be."""
    text = (f"{HEADS}\n81.71;;;;;;;a@b.example\nseoul;;;;;;;\nseoul;;ended;;;;;\n99;;;;;;;\n"
            "kabupaten-sidoarjo;;suspended;associate;;;;\n")  # fmt: skip
    code, words = bring_in(app, tmp_path, text, "--dry-run")
    assert code == 1
    assert "line 2: Kota Ambon: becomes a member: active; a@b.example is invited" in words
    assert "line 3: Seoul: nothing to do" in words
    assert "line 4: Seoul: Stands in line 3, too." in words
    assert "line 5: 99: No city" in words
    assert "standing becomes suspended; category becomes associate" in words
    assert "2 would change, 1 are so already, 2 are refused." in words
    assert membership("kota-ambon") is None
    assert history("kabupaten-sidoarjo") == 2


def many(count: int) -> str:
    """Add cities and return a list of them."""

    @db.transaction
    def add() -> None:
        db.session().add_all(
            City(slug=f"town-{n}", code=f"x:{n}", name=f"Town {n}", kind=Kind.CITY, country="KR",
                 latitude=1.0, longitude=1.0)
            for n in range(count)
        )  # fmt: skip

    add()
    return "city\n" + "\n".join(f"x:{number}" for number in range(count)) + "\n"


@pytest.mark.parametrize(("answer", "code", "changed"), [("n\n", 1, 0), ("y\n", 0, 6), ("", 1, 0)])
def test_much_is_asked_about_first(
    app: Flask, tmp_path: Path, answer: str, code: int, changed: int
) -> None:
    """A few lines are not; no answer is no."""
    path = tmp_path / "many.csv"
    path.write_text(many(6), encoding="utf-8")
    got, words = run(app, "import", str(path), answer=answer)
    assert got == code
    assert "Change 6 memberships?" in words
    count = select(func.count()).select_from(Membership)
    assert db.session().scalar(count) == 4 + changed
    few = tmp_path / "few.csv"
    few.write_text("city,standing\nseoul,suspended\n", encoding="utf-8")
    assert run(app, "import", str(few))[0] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"%PDF-1.7 x", ""), (b"\x00" * 100, ""), (b"PK\x03\x04" + b"\0" * 50, "")],
)
def test_file_that_is_no_table_is_refused(
    app: Flask, tmp_path: Path, content: bytes, words: str
) -> None:
    """With a sentence and an exit code."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    code, output = run(app, "import", str(path), "--yes")
    assert code == 1
    assert words in output


def test_who_does_it_must_be_said_where_several_could(app: Flask, tmp_path: Path) -> None:
    """And must be of a secretariat."""
    accounts.create_person(
        None, "second@citynet.example", name="B", password=PASSWORD, is_secretariat=True
    )
    text = f"{HEADS}\nseoul;;suspended;;;;;\n"
    code, words = bring_in(app, tmp_path, text)
    assert code == 2
    assert "--by ADDRESS" in words
    for who in ("official@seoul.example", "chapter@citynet.example"):
        code, words = bring_in(app, tmp_path, text, "--by", who)
        assert code == 1
        assert "Another secretariat looks after this city." in words
    assert history("seoul") == 2
    assert bring_in(app, tmp_path, text, "--by", "second@citynet.example")[0] == 0


def test_chapter_moves_no_city_by_a_list(app: Flask, tmp_path: Path) -> None:
    """Neither in nor out of another."""
    service.create_chapter(actor("secretariat"), name="Rivals")
    text = f"{HEADS}\nkabupaten-sidoarjo;;;;;;Rivals;\n"
    code, words = bring_in(app, tmp_path, text, "--by", "chapter@citynet.example")
    assert code == 1
    assert "Only the network's secretariat moves cities." in words


def test_line_that_fails_midway_leaves_nothing(app: Flask, ambon: City) -> None:
    """A membership without its lead would be half a line: all of it or none."""
    row = sheets.Row(2, {"city": "81.71", "lead": "known@ambon.example"})
    accounts.create_person(None, "known@ambon.example", name="Known", password=PASSWORD)
    weak = actor("secretariat")
    planned = importing.plan(weak, sheets.Table(["city", "lead"], [row]))[0]
    assert [str(act) for act in planned.acts] == ["enter", "lead"]
    service.enter(weak, new_city("tual"), Standing.ACTIVE, reason="x", category=Category.FULL,
                  from_day=None, until_day=None)  # fmt: skip
    person = weak.person
    assert person is not None
    done = importing.try_row(weak, sheets.Row(3, {**row.cells, "lead": person.email}), reason="x")
    assert "secretariat" in done.problem
    assert membership("kota-ambon") is None


def test_renewed_list_next_year_prolongs(app: Flask, tmp_path: Path) -> None:
    """The same list with later days: a term corrected, nobody admitted again."""
    before = membership("seoul")
    assert before is not None
    assert before.until_day is not None
    later = before.until_day + timedelta(days=365)
    assert line(app, tmp_path, f"seoul;;active;;;{later};;")[0] == 0
    found = membership("seoul")
    assert found is not None
    assert (found.until_day, found.from_day) == (later, before.from_day)
    assert terms.today() <= later
