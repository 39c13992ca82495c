"""Who gets to the desk's pages: nobody without a session, by no form but ours, and each by their role."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from bot import staff
from bot.app import is_only_here
from bot.jobs.kinds.sweep import sweep_once
from bot.staff.pages import ROOT
from bot.staff.roles import Role, is_open, needs, refuse_unmarked
from dialogs import texts
from storage.database.opening import open_for_reading, transaction
from storage.staff import people as kept
from tests.staff.desk import KARI, OLA, PASSWORD, StaffDesk, secret_on, staff_desk

pytestmark = pytest.mark.slow  # all in all several seconds

LOGIN = f"{ROOT}login"
ACCOUNT = f"{ROOT}account"


# --- Strangers --------------------------------------------------------------------------------------------------------


async def test_a_stranger_gets_the_login_page_for_every_page_there_is_and_for_those_there_are_not(
    desk: StaffDesk,
) -> None:
    routes = [(str(route.resource and route.resource.canonical), route) for route in desk.application.router.routes()]
    ours = [(path, route) for path, route in routes if path.startswith("/staff")]
    closed = {re.sub(r"\{[^}]+\}", "1", path) for path, route in ours if not is_open(route.handler)}
    assert len(closed) > 10
    for path in (*closed, f"{ROOT}nothing", f"{ROOT}responses/KT7RB4XM?q=1", f"{ROOT}..%2fstatic"):
        browser = await desk.browser()
        read = await browser.get(path)
        assert (read.status, read.location.partition("?")[0], read.text) == (303, LOGIN, ""), path
        assert (await browser.post(path)).status == 403, path
        async with browser.client.delete(path) as deleted:
            assert deleted.status == 403


async def test_after_the_login_one_is_where_one_wanted_to_be(desk: StaffDesk) -> None:
    await desk.enrolled()
    browser = await desk.browser()
    sent = await browser.get(f"{ROOT}account?x=1")
    await browser.get(sent.location)
    desk.later(minutes=1)
    fields = {"email": KARI, "password": PASSWORD, "code": desk.code()}
    assert (await browser.post(LOGIN, fields, to=f"{ROOT}account?x=1")).location == f"{ROOT}account?x=1"


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/staff/", "/\\evil", "javascript:x", "/staffx", "["]
)
async def test_a_login_leads_nowhere_but_to_the_desk(desk: StaffDesk, to: str) -> None:
    await desk.enrolled()
    browser = await desk.browser()
    await browser.get(LOGIN)
    desk.later(minutes=1)
    answer = await browser.post(LOGIN, to=to, email=KARI, password=PASSWORD, code=desk.code())
    assert (answer.status, answer.location) == (303, ROOT)


async def test_every_answer_of_the_desk_protects_its_reader(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    for path in (ROOT, LOGIN, ACCOUNT, f"{ROOT}nothing", f"{ROOT}static/staff.css", "/staff"):
        headers = (await browser.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert all(f"{name} 'none'" in policy for name in ("frame-ancestors", "base-uri"))
        assert "form-action 'self'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == (
            "no-store" if "static" not in path else "public, max-age=31536000, immutable"
        )
        assert "Strict-Transport-Security" not in headers


async def test_behind_https_the_cookie_is_for_this_host_alone(tmp_path: Path) -> None:
    async with staff_desk(tmp_path, INNSPILL_BASE_URL="https://example.no") as desk:
        answer = await (await desk.browser()).get(LOGIN)
        name, *attributes = answer.headers["Set-Cookie"].split("; ")
        assert name.startswith("__Host-innspill-staff=")
        assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_that_does_not_say_who_may_use_it_stops_the_program() -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/a", needs(Role.READER)(page))
    refuse_unmarked(app.router.routes())
    app.router.add_get("/b", page)
    with pytest.raises(TypeError, match="/b"):
        refuse_unmarked(app.router.routes())


async def test_where_a_request_comes_from_is_believed_of_the_proxy_in_the_settings_only(tmp_path: Path) -> None:
    for proxy, address in (("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")):
        async with staff_desk(tmp_path, INNSPILL_TRUSTED_PROXY=proxy) as desk:
            browser = await desk.browser(**{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
            await desk.log_in(browser, "nobody@example.no", "wrong", "000000")
            assert desk.log()[-1].address == address


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("example.no", False)],
)
def test_a_demo_link_is_printed_only_where_nobody_else_reaches_the_desk(host: str, alone: bool) -> None:
    assert is_only_here(host) == alone


def test_every_text_of_these_pages_is_there() -> None:
    folder = Path(staff.__file__).parent
    sources = [path.read_text(encoding="utf-8") for ending in ("*.py", "*.html") for path in folder.rglob(ending)]
    keys = {key for text in sources for key in re.findall(r'"((?:staff|web)-[a-z-]+[a-z])"', text)}
    assert len(keys) > 50
    wordings = (Path(texts.__file__).parent / "locales" / "nb.ftl").read_text(encoding="utf-8")
    said = set(re.findall(r"^([a-z0-9-]+) =", wordings, re.MULTILINE))
    assert keys | {f"staff-role-{role.key}" for role in Role} <= said


# --- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "csrf", "status"),
    [
        ({}, None, 303),
        ({}, "", 403),
        ({}, "0" * 64, 403),
        ({"Origin": "https://evil.example"}, None, 403),
        ({"Origin": "http://["}, None, 403),
        ({"Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Sec-Fetch-Site": "same-site"}, None, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, None, 303),
    ],
)
async def test_a_form_that_is_not_from_our_own_page_changes_nothing(
    desk: StaffDesk, headers: dict[str, str], csrf: str | None, status: int
) -> None:
    browser = await desk.enrolled()
    await browser.get(ACCOUNT)
    fields = {"locale": "en"} if csrf is None else {"locale": "en", "csrf": csrf}
    assert (await browser.post(f"{ACCOUNT}/language", fields, headers=headers)).status == status
    assert ("Where you are" in (await browser.get(ACCOUNT)).words) == (status == 303)


async def test_the_token_of_one_browser_is_none_in_another(desk: StaffDesk) -> None:
    first, second = await desk.enrolled(), await desk.enrolled(OLA)
    await first.get(ACCOUNT)
    await second.get(ACCOUNT)
    assert (await second.post(f"{ACCOUNT}/language", locale="en", csrf=first.last_csrf)).status == 403
    assert (await second.post(LOGIN, email=KARI, csrf=first.last_csrf)).status == 403


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain"])
async def test_a_form_of_another_kind_is_refused(desk: StaffDesk, kind: str) -> None:
    browser = await desk.enrolled()
    async with browser.client.post(f"{ACCOUNT}/language", data=b"{}", headers={"Content-Type": kind}) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    ("charset", "body", "status"),
    [
        ("utf-7", b"csrf=+2AA-", 415),  # half a character, which no text can hold
        ("unicode_escape", rb"csrf=\ud800", 415),
        ("latin-1", b"csrf=%e6", 415),
        ("klingon", b"csrf=a", 415),
        ("UTF-8", b"csrf=%ed%a0%80", 403),
        ('"utf-8"', b"csrf=a", 403),
    ],
)
async def test_a_form_in_another_encoding_is_refused(desk: StaffDesk, charset: str, body: bytes, status: int) -> None:
    browser = await desk.browser()
    headers = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
    for path in (LOGIN, f"{ROOT}link/x", f"{ROOT}demo/x"):
        async with browser.client.post(path, data=body, headers=headers) as response:
            assert response.status == status


@pytest.mark.parametrize("body", [b"csrf=%ff&locale=en", b"csrf=a&csrf=b", b"\xff", b"=&&=", b"locale=%00"])
async def test_no_form_is_too_odd(desk: StaffDesk, body: bytes) -> None:
    browser, headers = await desk.enrolled(), {"Content-Type": "application/x-www-form-urlencoded"}
    for path in (f"{ACCOUNT}/language", LOGIN, f"{ROOT}link/x", f"{ROOT}demo/x"):
        async with browser.client.post(path, data=body, headers=headers) as response:
            assert response.status in (400, 403)


# --- Roles, the demo, and what is kept --------------------------------------------------------------------------------


async def test_a_page_for_admins_is_for_nobody_else(desk: StaffDesk) -> None:
    for role, status in (("reader", 403), ("editor", 403), ("admin", 200)):
        browser = await desk.enrolled(f"{role}@example.no", role)
        answer = await browser.get(f"{ROOT}history")
        assert answer.status == status
        assert (f'href="{ROOT}history"' in (await browser.get(ACCOUNT)).text) == (status == 200)


async def test_another_role_counts_from_the_next_page_on(desk: StaffDesk) -> None:
    browser = await desk.enrolled(role="admin")
    with transaction(desk.config.database) as db:
        kept.change_role(db, KARI, "reader")
    assert (await browser.get(f"{ROOT}history")).status == 403


async def test_the_demo_link_lets_one_in_once_and_only_in_demo_mode(tmp_path: Path) -> None:
    async with staff_desk(tmp_path, demo_token="made-up") as desk:
        browser, late = await desk.browser(), await desk.browser()
        for visitor in (browser, late):
            assert (await visitor.get(f"{ROOT}demo/made-up")).status == 200
            assert (await visitor.get(f"{ROOT}demo/other")).status == 404
        assert (await browser.post(f"{ROOT}demo/made-up")).location == ROOT
        assert (await late.post(f"{ROOT}demo/made-up")).status == 404
        assert "administrator" in (await browser.get(ACCOUNT)).words
        assert "demo administrator Prøvekonto, uten passord" in (await browser.get(f"{ROOT}people")).words
        admin = await desk.browser(Role.ADMIN)
        await admin.get(f"{ROOT}people")
        assert (await admin.post(f"{ROOT}people/1/reset")).status == 404  # or it could be given a password
        secret = browser.secret
    async with staff_desk(tmp_path) as plain:
        browser = await plain.browser(Cookie=f"innspill-staff={secret}")
        assert (await browser.get(ACCOUNT)).status == 303
        for path in ("made-up", "", "%00"):
            assert (await browser.get(f"{ROOT}demo/{path}")).status in (303, 404)
        assert (await plain.log_in(browser, "demo", "", "-")).status == 422


async def test_neither_a_password_nor_a_link_nor_a_secret_nor_a_recovery_code_is_kept(desk: StaffDesk) -> None:
    path, browser = desk.invite(), await desk.browser()
    await browser.get(path)
    await browser.post(path, password=PASSWORD, again=PASSWORD)
    desk.secrets[KARI] = secret_on(await browser.get(path))
    codes = re.findall(r"<li>([a-z2-7-]{29})</li>", (await browser.post(path, code=desk.code())).text)
    other = await desk.browser()
    assert (await desk.log_in(other, "another secret", "typed into the wrong field", "-")).status == 422
    assert (await desk.log_in(other)).status == 303
    with closing(open_for_reading(desk.config.database)) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        dump = repr([db.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables])
    unkept = [PASSWORD, path.rpartition("/")[2], browser.secret, other.secret, browser.last_csrf, *codes]
    unkept += [code.replace("-", "") for code in codes] + ["wrong field", "another secret"]
    assert KARI in dump
    assert not [secret for secret in unkept if secret in dump]


async def test_what_is_over_is_swept(desk: StaffDesk) -> None:
    await desk.enrolled()
    desk.invite(OLA)
    await desk.log_in(await desk.browser(), "nobody@example.no", "wrong", "000000")

    def counts() -> list[int]:
        with transaction(desk.config.database) as db:
            tables = ("staff_sessions", "staff_links", "login_delays")
            return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    await sweep_once(desk.service)
    assert counts() == [1, 1, 2]
    desk.later(hours=1)
    await sweep_once(desk.service)
    assert counts() == [0, 1, 0]
    desk.later(hours=23)
    await sweep_once(desk.service)
    assert counts() == [0, 0, 0]
