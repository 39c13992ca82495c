"""The desk's pages: what staff find, read and change, and what nobody sees who may not."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from bot import staff
from bot.consultations.qr_code import qr_code
from bot.staff.roles import Role
from storage.consultations import consultations
from storage.database.opening import open_for_reading, transaction
from storage.responses import responses
from tests.staff.desk import StaffDesk
from tests.staff.examples import HOSTILE, stages
from tests.storage.examples import new_response, open_conversation

__all__ = ["stages"]

PAGES = (
    "",
    "consultations/new",
    "consultations/1",
    "consultations/1/change",
    "consultations/1/close",
    "consultations/1/reopen",
    "responses",
    "responses/R3",
    "downloads",
    "set-aside",
    "history",
    "people",
)
EDITORS = {"consultations/new", "consultations/1/change", "consultations/1/close", "consultations/1/reopen"}
ADMINS = {"history", "people"}


# --- Who sees what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
async def test_a_stranger_reads_nothing(stage: StaffDesk, page: str) -> None:
    stranger = await stage.browser(None)
    html = await stranger.open(page)
    assert stranger.path.startswith("/staff/login")
    for secret in ("Ødegård", "Skoleveien", "Ærlig", "310000019", "no such kind"):
        assert secret not in html


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", PAGES)
async def test_a_role_opens_what_it_may_and_nothing_else(stage: StaffDesk, page: str, role: Role) -> None:
    browser = await stage.browser(role)
    await browser.open(page)
    needed = Role.ADMIN if page in ADMINS else Role.EDITOR if page in EDITORS else Role.READER
    assert browser.status == (200 if role >= needed else 403)


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("consultations/new", Role.EDITOR),
        ("consultations/1/change", Role.EDITOR),
        ("consultations/1/close", Role.EDITOR),
        ("consultations/3/reopen", Role.EDITOR),
        ("set-aside/1/seen", Role.EDITOR),
        ("people", Role.ADMIN),
    ],
)
async def test_a_form_is_taken_from_nobody_who_may_not_send_it(stage: StaffDesk, path: str, needed: Role) -> None:
    for role in (None, *Role):
        if role is None or role < needed:
            browser = await stage.browser(role)
            await browser.open("responses")
            await browser.post(
                path, {"case_number": "20/1", "title": "Ny", "closes": "2027-01-01", "email": "x@example.no"}
            )
            assert browser.status == 403
    with closing(open_for_reading(stage.config.database)) as db:
        assert [each.closed_at is None for each in consultations.all(db)] == [True, True, False]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["nb", "en"])
async def test_what_strangers_wrote_stays_text_on_every_page(stage: StaffDesk, page: str, language: str) -> None:
    browser = await stage.browser(Role.ADMIN)
    html = await browser.open(page, headers={"Accept-Language": language})
    assert browser.status == 200
    assert f'<html lang="{language}">' in html
    assert "<script>alert" not in html
    assert "{{" not in html.replace("&#34;", "").replace("{{ 7*7 }}", "")
    assert not re.search(r"\sstyle=|\son\w+=|<script(?! src=\"/staff/static/)", html)


# --- Consultations --------------------------------------------------------------------------------------------


async def test_the_front_page_counts_what_came_in(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("")
    text = reader.text
    assert text.index("Handlingsprogram") < text.index("Vei <script>") < text.index("Gammel plan")
    assert "18/101 Handlingsprogram Åpen" in text
    assert "(7 dager igjen) 3 svar på Handlingsprogram 3 0 0" in text
    assert "Etter fristen, tar fortsatt imot" in text
    assert f"3 svar på Vei {HOSTILE} 3 3 1" in text
    assert "1 melding er lagt til side" in text
    assert "Ny høring" not in text


async def test_a_consultation_shows_its_days_as_bars_and_as_figures(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    html = await reader.open("consultations/1")
    assert html.count("<rect ") == 1
    assert "24.11.2026 3" in reader.text
    assert f"{stage.config.base_url}/?c=1" in reader.text
    assert reader.references[:3] == ["R6", "R2", "R1"]
    assert (await stage.browser(Role.READER)).references == []


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
async def test_the_link_is_there_as_a_qr_code_for_posters(stage: StaffDesk, kind: str, begins: bytes) -> None:
    reader = await stage.browser(Role.READER)
    response = await reader.client.get(f"/staff/consultations/1/qr.{kind}")
    assert response.headers["Content-Disposition"] == f'attachment; filename="18-101-1.{kind}"'
    body = await response.read()
    assert body.startswith(begins)
    assert body == qr_code(f"{stage.config.base_url}/?c=1", kind)


async def test_an_editor_adds_changes_closes_and_reopens(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("consultations/new")
    form = {"case_number": " 2020/12 ", "title": "Ny vei", "opens": "", "closes": "2026-12-31", "url": ""}
    await editor.post("consultations/new", form)
    assert editor.path == "/staff/consultations/4"
    assert "31.12.2026 (37 dager igjen)" in editor.text
    await editor.open("consultations/4/change")
    assert 'value="2026-12-31"' in editor.html
    changed = {"case_number": "18/101", "title": "Ny bru", "opens": "2026-12-01", "closes": "2026-12-24", "url": ""}
    await editor.post("consultations/4/change", changed)
    assert "18/101 Ny bru" in editor.text
    assert "Ikke åpnet" in editor.text
    assert "Andre høringer i saken Handlingsprogram" in editor.text
    await editor.open("consultations/4/change")
    await editor.post("consultations/4/change", {**changed, "opens": ""})
    assert "Åpen" in editor.text
    await editor.open("consultations/4/close")
    await editor.post("consultations/4/close", {})
    assert "Lukket" in editor.text
    await editor.open("consultations/4/reopen")
    await editor.post("consultations/4/reopen", {})
    assert "Åpen" in editor.text
    done = [(entry.who, entry.action, entry.object) for entry in stage.log()]
    acts = ("added", "changed", "changed", "closed", "reopened")
    assert done == [("editor@example.no", f"consultation.{act}", "4") for act in acts]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("case_number", "18-101", "Skriv saksnummeret som"),
        ("case_number", "18/0", "Skriv saksnummeret som"),
        ("title", " ", "Skriv en tittel"),
        ("title", "x" * 301, "Skriv en tittel"),
        ("title", "en\nto", "Skriv en tittel"),
        ("closes", "31.12.2026", "Skriv siste dag"),
        ("closes", "", "Skriv siste dag"),
        ("closes", "2026-10-01", "Siste dag er før første dag"),
        ("opens", "2026-02-30", "Skriv første dag"),
        ("url", "javascript:alert(1)", "Skriv hele adressen"),
    ],
)
async def test_a_mistake_is_told_beside_its_field_and_what_was_typed_stays(
    stage: StaffDesk, field: str, value: str, told: str
) -> None:
    editor = await stage.browser(Role.EDITOR)
    form = {"case_number": "20/1", "title": HOSTILE, "opens": "2026-11-01", "closes": "2026-12-31", "url": ""}
    for path in ("consultations/new", "consultations/1/change"):
        await editor.open(path)
        await editor.post(path, {**form, field: value})
        assert editor.status == 422
        wrong = re.search(rf'<p class="wrong" id="{field}-wrong">(.*?)</p>', editor.html)
        assert wrong is not None
        assert told in wrong[1]
        assert f'aria-describedby="{field}-' in editor.html
        if field != "title":
            assert "&lt;script&gt;alert(1)" in editor.html
    assert stage.log() == []


def test_the_form_is_read_without_the_command_line() -> None:
    modules = [path.read_text(encoding="utf-8") for path in Path(staff.__file__).parent.rglob("*.py")]
    assert not [text for text in modules if re.search(r"import click|bot\.commands(\.| import )parameters", text)]


# --- What was set aside, who did what, people ---------------------------------------------------------------


async def test_what_was_set_aside_is_shown_until_somebody_has_seen_it(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("set-aside")
    assert "no such kind of update" in editor.text
    await editor.post("set-aside/1/seen", {})
    assert "editor@example.no, 24.11.2026" in editor.text
    await editor.open("")
    assert "lagt til side," not in editor.text
    await editor.open("set-aside")
    await editor.post("set-aside/99/seen", {})
    assert editor.status == 404


async def test_an_admin_sees_who_did_what(stage: StaffDesk) -> None:
    reader, admin = await stage.browser(Role.READER), await stage.browser(Role.ADMIN)
    for _ in range(101):
        await reader.open("responses/R1")
    await admin.open("responses/R2")
    await admin.open("history")
    assert admin.html.count("Leste svar</td>") == 100
    assert admin.html.index(">R2<") < admin.html.index(">R1<")
    await admin.open(re.findall(r'href="/staff/(history[^"]+)" rel="next"', admin.html)[0].replace("&amp;", "&"))
    assert admin.html.count("Leste svar</td>") == 2
    mark = re.findall(r'<option value="(\w+)">admin@example.no', admin.html)[0]
    await admin.open(f"history?who={mark}&action=response.viewed")
    assert admin.html.count("Leste svar</td>") == 1
    assert "example.no" not in admin.path


async def test_an_admin_invites_changes_and_locks_out_but_never_themselves(stage: StaffDesk) -> None:
    admin, reader = await stage.browser(Role.ADMIN), await stage.browser(Role.READER)
    await admin.open("people")
    await admin.post("people", {"email": "Ny@Example.no ", "role": "reader"})
    link = re.search(r"/staff/(link/[\w-]{43})", admin.html)
    assert link is not None
    await admin.open("people")
    assert link[1] not in admin.html
    stranger = await stage.browser(None)
    await stranger.open(link[1])
    assert "ny@example.no" in stranger.text
    for wrong in ("ny@example.no", "tull", "a@b@c"):
        await admin.post("people", {"email": wrong, "role": "reader"})
        assert admin.status == 422
    numbers = dict(re.findall(r'for="role-(\d+)">Rolle (\S+)</label>', admin.html))
    number = next(key for key, email in numbers.items() if email == "reader@example.no")
    await admin.post(f"people/{number}/role", {"role": "editor"})
    await reader.open("consultations/new")
    assert reader.status == 200
    await admin.post(f"people/{number}/disable", {})
    await reader.open("responses")
    assert reader.path.startswith("/staff/login")
    await admin.post(f"people/{number}/reset", {})
    assert admin.status == 404
    await admin.open("people")
    await admin.post("people/1/disable", {})
    assert admin.status == 403
    acts = [entry.action for entry in stage.log()]
    assert acts == ["staff.invited", "staff.role_changed", "staff.disabled"]


async def test_the_links_to_other_pages_above_and_below_a_list_have_names_of_their_own(stage: StaffDesk) -> None:
    draw = (f"M{number}" for number in range(60))
    with transaction(stage.config.database) as db:
        for number in range(60):
            responses.insert(db, new_response(open_conversation(db, f"more {number}"), 1), draw.__next__)
    reader = await stage.browser(Role.READER)
    await reader.open("responses")
    assert re.findall(r'<nav class="pager" aria-label="([^"]*)"', reader.html) == ["Sider", "Sider, under lista"]
