"""A register that is slow, silent or full: how long people are made to wait for it, and how hard it is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.register import client as entity_register
from bot.register import stand_in as made_up
from bot.register.client import Answer, EntityRegister
from dialogs.facts import Found, Hits, NoAnswer
from tests.stand_ins.register import RegisterStandIn, server_saying

pytestmark = pytest.mark.slow  # all in all several seconds

NUMBER = made_up.ASSOCIATION


class Counting:
    """A register that takes `seconds` to answer, counts how many ask at once, and may be silent."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.status = 200
        self.asked = self.now = self.most = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.now -= 1
        if self.status != 200:
            return web.Response(status=self.status)
        number = request.path.rpartition("/")[2]
        return web.json_response({"organisasjonsnummer": number, "navn": "EKSEMPELVEIEN VELFORENING"})


async def seconds_for(asking: Callable[[], Awaitable[Answer]], expected: Answer) -> float:
    began = time.monotonic()
    answer = await asking()
    assert type(answer) is type(expected) if isinstance(expected, NoAnswer) else answer == expected
    return time.monotonic() - began


async def test_a_hundred_people_at_once_are_answered_within_two_seconds_over_twenty_connections() -> None:
    register = Counting(seconds=0.3)
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        began = time.monotonic()
        answers = await asyncio.gather(*(client.entity(NUMBER) for _ in range(100)))

    assert time.monotonic() - began < 2
    assert answers == [Found(NUMBER, "EKSEMPELVEIEN VELFORENING")] * 100
    assert register.most == 20


async def test_three_silences_open_the_breaker_and_then_nobody_waits_or_asks() -> None:
    register = Counting()
    register.status = 503
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        for _ in range(2):
            assert isinstance(await client.entity(NUMBER), NoAnswer)
        assert register.asked == 3

        assert await seconds_for(lambda: client.entity(NUMBER), NoAnswer()) < 0.05
        assert await seconds_for(lambda: client.search("vel", 0), NoAnswer()) < 0.05
        assert register.asked == 3


async def test_after_the_rest_one_question_tries_and_the_others_do_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entity_register, "_SECONDS_OF_A_BREAK", 0.3)
    register = Counting()
    register.status = 503
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        await asyncio.gather(*(client.entity(NUMBER) for _ in range(3)))
        asked = register.asked
        await asyncio.sleep(0.35)
        answers = await asyncio.gather(*(client.entity(NUMBER) for _ in range(10)))
        assert {type(each) for each in answers} == {NoAnswer}
        assert register.asked == asked + 1

        await asyncio.sleep(0.35)
        register.status = 200
        assert isinstance(await client.entity(NUMBER), Found)
        answers = await asyncio.gather(*(client.entity(NUMBER) for _ in range(10)))
        assert all(isinstance(answer, Found) for answer in answers)


@pytest.mark.slow
async def test_an_outage_costs_a_conversation_five_seconds_once_and_then_nothing() -> None:
    register = Counting(seconds=60)
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        waited = [await seconds_for(lambda: client.entity(NUMBER), NoAnswer()) for _ in range(2)]
        assert sum(waited) < 5
        assert await seconds_for(lambda: client.entity(NUMBER), NoAnswer()) < 0.05


@pytest.mark.slow
async def test_a_hundred_people_in_an_outage_are_all_told_within_five_seconds() -> None:
    register = Counting(seconds=60)
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        began = time.monotonic()
        answers = await asyncio.gather(*(client.entity(NUMBER) for _ in range(100)))
        assert {type(each) for each in answers} == {NoAnswer}

    assert time.monotonic() - began < 5


async def test_a_register_that_wants_less_is_left_alone_at_once() -> None:
    register = Counting()
    register.status = 429
    async with server_saying(register.answer) as url, EntityRegister(url) as client:
        for _ in range(5):
            assert isinstance(await client.entity(NUMBER), NoAnswer)
    assert register.asked == 1


async def test_a_question_that_is_refused_opens_no_breaker_for_others() -> None:
    async def refuse_searches(request: web.Request) -> web.Response:
        if "navn" in request.query:
            return web.Response(status=400)
        return web.json_response({"organisasjonsnummer": NUMBER, "navn": "EKSEMPELVEIEN VELFORENING"})

    async with server_saying(refuse_searches) as url, EntityRegister(url) as client:
        for _ in range(5):
            assert isinstance(await client.search("vel", 0), NoAnswer)
        assert isinstance(await client.entity(NUMBER), Found)


async def test_searches_come_a_page_at_a_time_with_names_places_and_forms() -> None:
    async with RegisterStandIn() as server, EntityRegister(server.url) as client:
        first, second = await client.search("Nabolaget vel", 0), await client.search("Nabolaget vel", 1)

    assert isinstance(first, Hits)
    assert isinstance(second, Hits)
    assert (len(first.items), first.page, first.pages, first.total) == (5, 0, 2, 7)
    assert (len(second.items), second.page, second.pages, second.total) == (2, 1, 2, 7)
    assert len({hit.number for hit in (*first.items, *second.items)}) == 7
    one = first.items[0]
    assert (one.name, one.town, one.form_name) == ("NABOLAGET VEL A", "ASKER", "Forening/lag/innretning")


async def test_a_search_with_one_hit_with_none_and_with_no_answer() -> None:
    async with RegisterStandIn() as server, EntityRegister(server.url) as client:
        one = await client.search("målLAG", 0)
        assert isinstance(one, Hits)
        assert [hit.number for hit in one.items] == [made_up.NYNORSK]
        assert await client.search("finnes ikke", 0) == Hits()
        server.down = True
        assert isinstance(await client.search("vel", 0), NoAnswer)


@pytest.mark.parametrize("query", ["a&size=1000", "% _ *", "x" * 1000, "vel\u00a0 « » ? #"])
async def test_a_search_stays_one_short_question_whatever_is_typed(query: str) -> None:
    asked: list[dict[str, str]] = []

    async def look(request: web.Request) -> web.Response:
        asked.append(dict(request.query))
        return web.json_response({"page": {"number": 0, "totalElements": 0, "totalPages": 0}})

    async with server_saying(look) as url, EntityRegister(url) as client:
        assert await client.search(query, 3) == Hits()
    assert asked == [{"navn": query[:180], "size": "5", "page": "3"}]
