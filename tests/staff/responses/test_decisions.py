"""Deciding at the desk which response stands: who may, what is kept of it, and what is refused without loss."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing

import pytest

from bot.staff.roles import Role
from storage.database.opening import open_for_reading, transaction
from storage.responses import versions
from tests.staff.desk import Browser, StaffDesk
from tests.staff.examples import HOSTILE, NOW, stages
from tests.staff.responses.test_versions import replace

__all__ = ["stages"]


def status(stage: StaffDesk, reference: str) -> tuple[str, str | None]:
    """The status of a response, and what replaced it."""
    with closing(open_for_reading(stage.config.database)) as db:
        version = next(each for each in versions.chain(db, reference) if each.reference == reference)
        return version.status, version.replaced_by


async def send(browser: Browser, reference: str, fields: Mapping[str, str], query: str = "") -> None:
    """Fill in the form on a response's page."""
    await browser.open(f"responses/{reference}{query}")
    await send_again(browser, reference, fields, query)


async def send_again(browser: Browser, reference: str, fields: Mapping[str, str], query: str = "") -> None:
    """Fill in the form on the page that is open, with what it brings along unseen."""
    seen = re.search(r'name="seen" value="([^"]*)"', browser.html)
    assert seen is not None
    await browser.post(f"responses/{reference}/status{query}", {"seen": seen[1], **fields})


async def test_an_editor_withdraws_replaces_and_takes_back(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await send(editor, "R1", {"status": "withdrawn", "by": "", "note": "Brev 3. mars."}, "?consultation=1&order=oldest")
    assert editor.path == "/staff/responses/R1?consultation=1&order=oldest&decided=status"
    assert "Lagret. Status nå: Trukket." in editor.text
    assert "editor@example.no Status: fra «Mottatt» til «Trukket» Brev 3. mars." in editor.text
    await send(editor, "R1", {"status": "superseded", "by": " r2 ", "note": ""})
    assert status(stage, "R1") == ("superseded", "R2")
    await send(editor, "R1", {"status": "superseded", "by": "R6", "note": ""})
    assert status(stage, "R1") == ("superseded", "R6")
    await send(editor, "R1", {"status": "received", "by": "R6", "note": ""})
    assert status(stage, "R1") == ("received", None)
    decided = [entry for entry in stage.log() if entry.action == "response.status"]
    assert [(entry.who, entry.object, dict(entry.detail)) for entry in decided] == [
        ("editor@example.no", "R1", {"before": "received", "after": "withdrawn"}),
        ("editor@example.no", "R1", {"before": "withdrawn", "after": "superseded", "by": "R2"}),
        ("editor@example.no", "R1", {"before": "superseded", "after": "superseded", "by": "R6"}),
        ("editor@example.no", "R1", {"before": "superseded", "after": "received"}),
    ]
    assert "Brev" not in repr(stage.log())


async def test_an_admin_reads_in_words_who_decided_what(stage: StaffDesk) -> None:
    admin = await stage.browser(Role.ADMIN)
    await send(admin, "R1", {"status": "superseded", "by": "R2", "note": "Hemmelig"})
    await admin.open("history")
    assert "Endret status på svar R1 127.0.0.1 " in admin.text
    for told in ("Før: mottatt", "Etter: erstattet", "Erstattet av: R2"):
        assert told in admin.text
    assert "Hemmelig" not in admin.text


@pytest.mark.parametrize(
    ("field", "fields", "told"),
    [
        ("status", {"status": ""}, "Velg hva du vil gjøre med svaret."),
        ("status", {"status": "lost"}, "Velg hva du vil gjøre med svaret."),
        ("by", {"by": " "}, "Skriv kvitteringsnummeret til svaret som gjelder i stedet."),
        ("by", {"by": "R3"}, "Vi kan ikke bruke R3 her."),
        ("by", {"by": "R1"}, "Vi kan ikke bruke R1 her."),
        ("by", {"by": "R4"}, "Et svar som er trukket, eller som dette har erstattet, kan ikke velges."),
        ("by", {"by": "<b>"}, "Vi kan ikke bruke &lt;B&gt; her."),
        ("note", {"note": "x" * 501}, "Notatet har 501 tegn og kan ha 500."),
        ("note", {"status": "note", "note": " \x07"}, "Skriv notatet."),
    ],
)
async def test_a_mistake_in_a_decision_is_told_beside_its_field_and_nothing_is_lost(
    stage: StaffDesk, field: str, fields: dict[str, str], told: str
) -> None:
    with transaction(stage.config.database) as db:
        db.execute("UPDATE responses SET status = 'withdrawn', consultation_id = 1 WHERE reference = 'R4'")
    editor = await stage.browser(Role.EDITOR)
    typed = {"status": "superseded", "by": "R2", "note": HOSTILE, **fields}
    await send(editor, "R1", typed, "?consultation=1")
    assert editor.status == 422
    wrong = re.search(rf'<p class="wrong" id="{field}-wrong">(.*?)</p>', editor.html, re.DOTALL)
    assert wrong is not None
    assert told in wrong[1]
    assert f'{field}-wrong"' in editor.html.replace(wrong[0], "")
    assert "<title>Feil: " in editor.html
    assert '<details class="no-print" id="decide" open>' in editor.html
    if field != "status":
        assert f'value="{typed["status"]}" checked' in editor.html
    if field != "note":
        assert "&lt;script&gt;alert(1)" in editor.html.partition("<textarea")[2]
    assert "<script>alert" not in editor.html
    assert status(stage, "R1") == ("received", None)
    assert {entry.action for entry in stage.log()} == {"response.viewed"}


async def test_a_withdrawn_response_stands_in_nobodys_place_and_says_what_it_had_replaced(stage: StaffDesk) -> None:
    replace(stage, "R1", "R6")
    replace(stage, "R3", "R4")
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R6")
    assert "fortsatt merket" not in editor.text
    await send_again(editor, "R6", {"status": "withdrawn"})
    assert "R1 er fortsatt merket som erstattet av dette." in editor.text
    await send(editor, "R2", {"status": "superseded", "by": "R6", "note": "Ringte."})
    assert (editor.status, status(stage, "R2")) == (422, ("received", None))
    assert "Vi kan ikke bruke R6 her." in editor.text
    for other in ("R1", "R4"):
        await editor.open(f"responses/{other}")
        assert "fortsatt merket" not in editor.text


async def test_a_note_alone_is_kept_and_a_decision_that_changes_nothing_is_refused(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    again = {"status": "superseded", "by": "R2"}
    for note, told in (("Notat én.", "Lagret. Status nå: Erstattet"), ("Notat to.", "Notatet er lagret.")):
        await send(editor, "R1", {**again, "note": note})
        assert told in editor.text
    assert "Status: fra «Mottatt» til «Erstattet av R2» Notat én." in editor.text
    assert "editor@example.no Skrev et notat Notat to." in editor.text
    decided = [entry.action for entry in stage.log() if entry.action != "response.viewed"]
    assert sorted(decided) == ["response.noted", "response.status"]
    await send(editor, "R1", again)
    assert editor.status == 422
    assert "Svaret har denne statusen allerede." in editor.text
    assert 'value="superseded" checked' in editor.html
    assert [entry.action for entry in stage.log() if entry.action != "response.viewed"] == decided


@pytest.mark.parametrize("before", ["received", "superseded", "withdrawn"])
async def test_an_editor_just_writes_a_note_whatever_the_status_is(stage: StaffDesk, before: str) -> None:
    with transaction(stage.config.database) as db:
        versions.decide(db, "R1", before, by="R2", who="ola@example.no", at=NOW, note="Før.")
    held = status(stage, "R1")
    admin = await stage.browser(Role.ADMIN)
    await admin.open("responses/R1")
    assert '<input type="radio" name="status" value="note">' in admin.html
    await send_again(admin, "R1", {"status": "note", "by": "R6", "note": f"Ringte. {HOSTILE}"})
    assert (admin.status, admin.path) == (200, "/staff/responses/R1?decided=note")
    assert '<p class="told" role="status">Notatet er lagret.</p>' in admin.html
    assert f"admin@example.no Skrev et notat Ringte. {HOSTILE}" in admin.text
    assert status(stage, "R1") == held
    noted = [entry for entry in stage.log() if entry.action != "response.viewed"]
    assert [(entry.who, entry.action, entry.object, dict(entry.detail)) for entry in noted] == [
        ("admin@example.no", "response.noted", "R1", {})
    ]
    await admin.open("history")
    assert "Skrev et notat om svar R1" in admin.text
    assert "Ringte" not in admin.text


async def test_a_note_is_kept_also_where_somebody_else_decided_meanwhile(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    replace(stage, "R1", "R2")
    await send_again(editor, "R1", {"status": "note", "note": "Ringte."})
    assert "Notatet er lagret." in editor.text
    assert "Skrev et notat Ringte." in editor.text
    assert status(stage, "R1") == ("superseded", "R2")


async def test_nobody_decides_on_what_somebody_else_has_changed_meanwhile(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    replace(stage, "R1", "R2")
    typed = {"status": "withdrawn", "by": "R6", "note": "Brev 3. mars."}
    for number, by in enumerate(("R2", "R6")):
        if number:
            replace(stage, "R1", by)
        await send_again(editor, "R1", typed)
        assert editor.status == 422
        assert "Statusen er endret etter at du åpnet siden." in editor.text
        assert f">Erstattet av {by}</a></span>" in editor.html
        assert 'value="withdrawn" checked' in editor.html
        assert 'id="by" name="by" value="R6"' in editor.html
        assert "Brev 3. mars.</textarea>" in editor.html
        assert status(stage, "R1") == ("superseded", by)
    assert not [entry for entry in stage.log() if entry.action == "response.status"]
    await send_again(editor, "R1", typed)
    assert status(stage, "R1") == ("withdrawn", None)


async def test_a_choice_stays_made_where_somebody_else_has_made_the_same(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    with transaction(stage.config.database) as db:
        versions.decide(db, "R1", "withdrawn", who="ola@example.no", at=NOW)
    await send_again(editor, "R1", {"status": "withdrawn", "note": "Ringte."})
    assert "Statusen er endret etter at du åpnet siden." in editor.text
    assert 'value="withdrawn" checked' in editor.html


async def test_another_mistake_hides_nothing_that_was_decided_meanwhile(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    replace(stage, "R1", "R2")
    await send_again(editor, "R1", {"status": "withdrawn", "note": "x" * 501})
    assert "Notatet har 501 tegn" in editor.text
    await send_again(editor, "R1", {"status": "withdrawn"})
    assert "Statusen er endret etter at du åpnet siden." in editor.text
    assert status(stage, "R1") == ("superseded", "R2")


async def test_a_note_is_kept_without_control_characters(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    note = "\x1b[31mRingte\x08.\u2028Kari\x07 svarte.\x7f"
    await send(editor, "R1", {"status": "superseded", "by": "r\u200b2\x07", "note": note})
    with closing(open_for_reading(stage.config.database)) as db:
        found = {change.note for change in versions.changes(db, "R1")}
    assert (found, status(stage, "R1")) == ({"[31mRingte.\nKari svarte."}, ("superseded", "R2"))


async def test_responses_are_not_replaced_in_a_circle(stage: StaffDesk) -> None:
    replace(stage, "R1", "R2")
    editor = await stage.browser(Role.EDITOR)
    await send(editor, "R2", {"status": "superseded", "by": "R1"})
    assert editor.status == 422
    assert "Et svar som er trukket, eller som dette har erstattet, kan ikke velges." in editor.text
    assert status(stage, "R2") == ("received", None)


async def test_who_only_reads_decides_nothing_and_sees_no_form(stage: StaffDesk) -> None:
    for role in (Role.READER, None):
        browser = await stage.browser(role)
        await browser.open("responses/R1")
        assert 'id="decide"' not in browser.html
        await browser.open("responses")
        await browser.post("responses/R1/status", {"status": "withdrawn"})
        assert browser.status == 403
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    await editor.post("responses/R1/status", {"status": "withdrawn", "csrf": "x"})
    assert editor.status == 403
    await editor.open("responses/R1")
    await editor.post("responses/R9/status", {"status": "withdrawn"})
    assert editor.status == 404
    assert status(stage, "R1") == ("received", None)
