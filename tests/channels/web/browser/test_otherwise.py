"""The web chat in a real browser when things go otherwise: reload, back, two tabs, no network, a restarted server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Response, Route, expect

from bot.register.stand_in import SLOW
from tests.channels.web.browser.window import answer, next_page, press, window
from tests.conversations.browser_stage import Looks
from tests.running.running_program import RunningProgram

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESS = "Eksempelveien 2"
ORGANISATION = ("Begynn", "Organisasjon i Enhetsregisteret")
PERSON = ("Begynn", "Privatperson")


@pytest.fixture
async def page(chat_url: str, browser: Browser) -> AsyncIterator[Page]:
    async with window(browser) as opened:
        await opened.goto(chat_url)
        yield opened


async def heading(page: Page) -> str:
    """The question of the page."""
    return await page.locator("h1").inner_text()


async def said_aloud(page: Page) -> list[str]:
    """What screen readers were told, in order."""
    return await page.get_by_role("log").locator("p").all_inner_texts()


async def news_held_back(page: Page) -> asyncio.Event:
    """What the server tells by itself reaches the page only once this is set."""
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.route("**/events", hold)
    return released


async def test_what_is_being_typed_survives_a_reload(page: Page) -> None:
    await press(page, *PERSON)
    await page.locator("#text").press_sequentially("Eksempel")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Eksempel")


async def test_what_was_sent_does_not_hide_what_another_tab_has_changed_since(page: Page) -> None:
    await press(page, *PERSON)
    await answer(page, ADDRESS)
    other = await page.context.new_page()
    await other.goto(page.url)
    await press(other, "Tilbake")
    await answer(other, "Eksempelveien 9")
    await page.reload()
    await press(page, "Tilbake")
    await expect(page.locator("#text")).to_have_value("Eksempelveien 9")


async def test_a_reload_in_the_middle_shows_the_same_question_and_sends_nothing(page: Page) -> None:
    await press(page, *PERSON)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    before = await heading(page)
    await page.reload()
    assert await heading(page) == before
    assert "POST" not in sent
    await answer(page, ADDRESS)
    assert await heading(page) != before


async def test_the_browser_s_back_button_does_what_tilbake_does(page: Page) -> None:
    await press(page, *PERSON)
    question = await heading(page)
    await answer(page, ADDRESS)
    async with next_page(page):
        await page.go_back()
    assert await heading(page) == question
    await expect(page.locator("#text")).to_have_value(ADDRESS)
    await answer(page, "Eksempelveien 4")
    assert await heading(page) != question


async def test_a_second_tab_that_is_behind_changes_nothing_and_shows_what_was_typed(page: Page) -> None:
    await press(page, *PERSON)
    other = await page.context.new_page()
    await other.goto(page.url)
    await answer(page, ADDRESS)
    question = await heading(page)
    await answer(other, "Et annet sted 3")
    assert await heading(other) == question
    await expect(other.get_by_role("main")).to_contain_text("Siden var gammel")
    await expect(other.get_by_label("Dette skrev du. Det er ikke lagret.")).to_have_value("Et annet sted 3")


async def test_a_server_that_starts_again_between_question_and_answer_takes_the_answer(
    tmp_path: Path, browser: Browser
) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program, window(browser) as page:
        await page.goto(program.url)
        await press(page, *PERSON)
        question = await heading(page)
        await program.kill()
        async with next_page(page):
            await page.locator("#text").fill(ADDRESS)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("main").get_by_text("Vi får ikke kontakt akkurat nå.")).to_be_visible()
            await expect(page.locator("#text")).to_have_value(ADDRESS)
            await program.start()
        assert await heading(page) != question
        await expect(page.get_by_role("complementary")).to_contain_text(ADDRESS)


async def test_without_network_one_is_told_once_and_the_answer_goes_out_when_it_is_back(page: Page) -> None:
    await press(page, *PERSON)
    question = await heading(page)
    sent: list[str] = []
    page.on("requestfinished", lambda request: sent.append(request.method))
    before = await said_aloud(page)
    async with next_page(page):
        await page.context.set_offline(True)
        await page.locator("#text").fill(ADDRESS)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("main").get_by_text("Du er uten nett.")).to_be_visible()
        await expect(page.locator("#text")).to_have_value(ADDRESS)
        assert await heading(page) == question
        told = (await said_aloud(page))[len(before) :]
        assert len(told) == 1
        assert told[0].startswith("Du er uten nett.")
        await page.context.set_offline(False)
    assert await heading(page) != question
    await expect(page.get_by_role("main").get_by_text("Du er uten nett.")).to_be_hidden()
    assert sent.count("POST") == 1


async def to_the_long_answer(page: Page) -> None:
    """As a person without an address, up to the response itself."""
    await press(page, *PERSON, "Hopp over")
    for text in ("kari.nordmann@example.no", "22 00 00 00", "Kari", "Nordmann"):
        await answer(page, text)
    async with next_page(page):
        await page.locator(".choices button").first.click()


async def test_what_is_written_while_the_draft_is_being_saved_is_kept(page: Page) -> None:
    await to_the_long_answer(page)
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route(page.url, hold)
    await page.locator("#text").fill("Første avsnitt.")
    async with next_page(page):
        await page.get_by_role("button", name="Lagre utkastet").click()
        await page.locator("#text").press_sequentially(" Og mer.")
        await expect(page.get_by_text("Sender …").first).to_be_visible()
        held.set()
    await expect(page.locator("#text")).to_have_value("Første avsnitt. Og mer.")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Første avsnitt. Og mer.")


async def test_what_is_added_without_network_goes_out_with_the_rest(page: Page) -> None:
    await to_the_long_answer(page)
    await page.locator("#text").fill("Første avsnitt.")
    async with next_page(page):
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Lagre utkastet").click()
        await expect(page.get_by_role("main").get_by_text("Du er uten nett.")).to_be_visible()
        await page.locator("#text").press_sequentially(" Andre avsnitt.")
        await page.context.set_offline(False)
    await expect(page.locator("#text")).to_have_value("Første avsnitt. Andre avsnitt.")
    await page.goto(f"{page.url}oversikt")
    await expect(page.get_by_role("main")).to_contain_text("Første avsnitt. Andre avsnitt.")


async def test_a_long_answer_that_was_not_taken_is_there_after_a_reload(page: Page) -> None:
    await to_the_long_answer(page)
    await page.locator("#text").fill("Et utkast.")
    await press(page, "Lagre utkastet")
    too_long = "Et nytt utkast. " + "x" * 100_001
    await page.locator("#text").fill(too_long)
    await press(page, "Ferdig")
    await expect(page.locator("#text")).to_have_value(too_long)
    await page.reload()
    await expect(page.locator("#text")).to_have_value(too_long)


async def test_help_beside_a_field_leaves_what_is_typed_also_over_a_reload(page: Page) -> None:
    await press(page, *PERSON)
    await page.locator("#text").fill("Eksempel")
    async with next_page(page):
        await page.locator(".feet").get_by_role("button", name="Hjelp").click()
    await expect(page.locator("#text")).to_have_value("Eksempel")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Eksempel")


async def test_a_browser_that_keeps_nothing_goes_on_all_the_same(page: Page) -> None:
    refuse = (
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    await page.add_init_script(refuse)
    await page.reload()
    await press(page, *PERSON)
    question = await heading(page)
    await answer(page, ADDRESS)
    assert await heading(page) != question


async def test_a_printed_receipt_is_one_sheet_with_the_contact_and_nothing_around_it(page: Page) -> None:
    await to_the_long_answer(page)
    await page.locator("#text").fill("Jeg er for.")
    await press(page, "Ferdig", "Send inn")
    await page.emulate_media(media="print")
    height = await page.evaluate("() => document.documentElement.scrollHeight")
    assert height < 900
    for name in ("Skriv ut kvitteringen", "Mine svar", "Slett utkastet på denne maskinen"):
        await expect(page.get_by_role("button", name=name)).to_be_hidden()


@pytest.mark.parametrize("name", ["Mine svar", "Personvern", "Avbryt"])
async def test_an_answer_of_the_register_leaves_the_focus_where_the_person_is(page: Page, name: str) -> None:
    news = await news_held_back(page)
    await press(page, *ORGANISATION)
    await answer(page, SLOW)
    elsewhere = page.get_by_role("link" if name == "Personvern" else "button", name=name, exact=True).first
    async with next_page(page):
        await elsewhere.focus()
        news.set()
    assert await page.get_by_role("main").get_by_text("EKSEMPELBAKKEN SANGLAG").count()
    await expect(elsewhere).to_be_focused()


@pytest.mark.parametrize("status", [200, 204, 404, 502, 503])
async def test_an_answer_of_the_register_comes_also_where_something_between_ended_the_stream(
    page: Page, status: int
) -> None:
    ended = 0

    async def end(route: Route) -> None:
        nonlocal ended
        ended += 1
        await route.fulfill(status=status, content_type="text/html", body="" if status == 204 else "<h1>Hello</h1>")

    await page.route("**/events", end)
    await press(page, *ORGANISATION)
    await answer(page, SLOW)
    await page.get_by_role("main").get_by_text("EKSEMPELBAKKEN SANGLAG").wait_for(timeout=40_000)
    assert ended
    assert len(await said_aloud(page)) == 2


async def test_a_stream_that_was_ended_is_asked_for_again(page: Page) -> None:
    news = asyncio.Event()
    asked = 0

    async def end_once(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            await route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")
        else:
            await news.wait()
            await route.continue_()

    async def still_waiting(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body=was)

    await page.route("**/events", end_once)
    await press(page, *ORGANISATION)
    await answer(page, SLOW)
    was = await page.content()
    await page.route(page.url, still_waiting)
    while asked < 2:
        await page.wait_for_timeout(100)
    await page.unroute(page.url)
    news.set()
    await page.get_by_role("main").get_by_text("EKSEMPELBAKKEN SANGLAG").wait_for()


async def test_what_is_announced_is_said_once(page: Page) -> None:
    news = await news_held_back(page)
    live = page.get_by_role("alert").or_(page.get_by_role("status"))
    await press(page, "Begynn")
    assert [line.split(".")[0] for line in await said_aloud(page)] == ["Velkommen"]
    assert await live.count() == 0
    await press(page, "Organisasjon i Enhetsregisteret")
    await answer(page, "974540139")  # what is wrong with it is read with the field, which has the focus
    await expect(page.locator("#text")).to_be_focused()
    assert await live.count() == 0
    await answer(page, SLOW)
    assert len(await said_aloud(page)) == 1
    news.set()
    await page.get_by_role("main").get_by_text("EKSEMPELBAKKEN SANGLAG").wait_for()
    assert await live.count() == 0
    told = await said_aloud(page)
    assert len(told) == len(set(told)) == 2
    assert "EKSEMPELBAKKEN SANGLAG" in told[-1]


async def test_a_shared_computer_forgets_what_was_begun(page: Page) -> None:
    await press(page, *PERSON)
    await answer(page, ADDRESS)
    await page.locator("#text").press_sequentially("13")
    await press(page, "Slett utkastet på denne maskinen", "Slett utkastet på denne maskinen")
    assert await page.context.cookies() == []
    assert await page.evaluate("() => sessionStorage.length") == 0
    await page.reload()
    assert ADDRESS not in await page.content()


async def test_axe_finds_nothing_wrong_beside_the_conversation(page: Page, chat_url: str) -> None:
    looks = Looks(None)
    wrong = await looks.at(page, "start")
    for name in ("personvern", "tilgjengelighet", "nowhere"):
        await page.goto(f"{chat_url}/{name}")
        wrong += await looks.at(page, name)
    await page.goto(f"{chat_url}/?c=1")
    wrong += await looks.at(page, "link")
    await press(page, "Svar på saken", "Privatperson")
    await page.goto(f"{chat_url}/?c=1")
    wrong += await looks.at(page, "link, returning")
    await page.goto(f"{chat_url}/oversikt")
    wrong += await looks.at(page, "overview")
    await page.get_by_role("link", name="Tilbake til spørsmålet").click()
    await press(page, "Slett utkastet på denne maskinen")
    wrong += await looks.at(page, "wipe")
    await press(page, "Slett utkastet på denne maskinen")
    wrong += await looks.at(page, "wiped")
    assert wrong == []


async def test_axe_finds_nothing_wrong_when_things_go_otherwise(page: Page) -> None:
    looks = Looks(None)
    await press(page, *PERSON)
    await page.context.set_offline(True)
    await page.get_by_role("main").get_by_text("Du er uten nett.").wait_for()
    wrong = await looks.at(page, "no network")
    await page.context.set_offline(False)
    other = await page.context.new_page()
    await other.goto(page.url)
    await answer(other, ADDRESS)
    await answer(page, "Et annet sted 3")
    wrong += await looks.at(page, "old form")
    await news_held_back(page)
    await press(page, "Nytt høringssvar", "Start på nytt", "Organisasjon i Enhetsregisteret")
    await answer(page, SLOW)
    wrong += await looks.at(page, "waiting")
    assert wrong == []


async def test_the_first_page_is_small_asks_nobody_else_and_does_not_jump(page: Page, chat_url: str) -> None:
    watch = """
        window.shifts = 0;
        new PerformanceObserver((list) => { for (const each of list.getEntries()) window.shifts += each.value; })
            .observe({ type: "layout-shift", buffered: true });
    """
    await page.add_init_script(watch)
    sizes: dict[str, int] = {}

    async def weigh(response: Response) -> None:
        sizes[response.url] = len(await response.body())

    page.on("response", weigh)
    await page.goto(chat_url, wait_until="networkidle")
    page.remove_listener("response", weigh)
    await press(page, "Begynn")
    assert all(url.startswith(chat_url) for url in sizes)
    assert 10_000 < sum(sizes.values()) < 50_000, sizes
    assert await page.evaluate("() => window.shifts") == 0
