#!/usr/bin/env bash
# Version: standardwebhooks 1.1.0
# Does: sign() takes an aware datetime and drops its zone: 13:00+01:00 is signed as 13:00 UTC, and so is not the same
#   signature as that of 12:00+00:00, though the two are one moment. verify() of the same library then refuses a letter
#   that was signed a moment ago in Oslo: its time lies an hour ahead.
# Surprises: the type is a datetime and not a number so that the zone is known, and the two compare equal.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check standardwebhooks==1.1.0 tzdata==2026.1
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from standardwebhooks import Webhook

webhook = Webhook("whsec_bWFkZSB1cCBmb3IgYSBmaW5kaW5nIG9ubHk=")
in_utc = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
in_oslo = in_utc.astimezone(ZoneInfo("Europe/Oslo"))
naive = in_oslo.replace(tzinfo=UTC)
print("one moment:", in_utc == in_oslo)
print("one signature:", webhook.sign("id", in_utc, "{}") == webhook.sign("id", in_oslo, "{}"))
print("that of an hour later:", webhook.sign("id", naive, "{}") == webhook.sign("id", in_oslo, "{}"))
now = datetime.now(UTC)
for zone in ("UTC", "Europe/Oslo"):
    signature = webhook.sign("id", now.astimezone(ZoneInfo(zone)), "{}")
    headers = {"webhook-id": "id", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    try:
        webhook.verify("{}", headers)
        print(f"signed now in {zone}: verified")
    except Exception as error:
        print(f"signed now in {zone}: {type(error).__name__}")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
one moment: True
one signature: False
that of an hour later: True
signed now in UTC: verified
signed now in Europe/Oslo: WebhookVerificationError
SEEN
