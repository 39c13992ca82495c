"""The code of an authenticator app, as people type it."""

from __future__ import annotations

import pyotp
import pytest

from bot.staff.access import second_factor
from tests.storage.examples import AT

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize("digits", [{}, _FULL_WIDTH, _ARABIC])
def test_a_code_may_be_typed_in_the_digits_of_any_script(digits: dict[int, int]) -> None:
    secret = second_factor.new_secret()
    code = pyotp.TOTP(secret).at(AT)
    typed = f"{code[:3]} {code[3:]}".translate(digits)
    assert second_factor.step_of(secret, typed, AT) == int(AT.timestamp()) // 30
    wrong = f"{(int(code) + 1) % 1_000_000:06}".translate(digits)
    assert second_factor.step_of(secret, wrong, AT) is None
