"""How times are said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs.messages import Instant, Text
from dialogs.texts import t
from tests.conversations.chat import HOUSE


@pytest.mark.parametrize(
    ("hour", "minute", "nb", "en"),
    [
        (0, 30, "kl.\xa002.30 (sommertid)", "02:30 (summer time)"),
        (1, 30, "kl.\xa002.30 (normaltid)", "02:30 (winter time)"),
        (2, 0, "kl.\xa003.00", "03:00"),
        (23, 30, "kl.\xa000.30", "00:30"),
    ],
)
def test_the_hour_that_comes_twice_says_which_one_it_was(hour: int, minute: int, nb: str, en: str) -> None:
    at = Text("value-instant", {"at": Instant(datetime(2026, 10, 25, hour, minute, tzinfo=UTC))})
    assert t("nb", at, HOUSE).endswith(nb)
    assert t("en", at, HOUSE).endswith(en)
