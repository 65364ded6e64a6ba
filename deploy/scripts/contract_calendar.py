"""Books rooms over HTTP and reads the calendars with a parser of others (PyPI icalendar, RFC 5545).

Called by contract.sh: contract_calendar.py URL FILE-WITH-AUTHORIZATION COMMUNITY
"""

import json
import sys
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone

from icalendar import Calendar

base, authorization, community = sys.argv[1:4]
with open(authorization, encoding="utf-8") as file:
    token = file.read().split(":", 1)[1].strip()


def ask(method, path, body=None, **headers):
    request = urllib.request.Request(base + path, method=method)
    request.add_header("Authorization", token)
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def done(wanted, answer):
    assert answer[0] == wanted, f"{answer[0]}: {answer[2][:500]!r}"
    return answer


def calendar(path):
    _, headers, text = done(200, ask("GET", path))
    assert headers["Content-Type"] == "text/calendar; charset=utf-8", headers["Content-Type"]
    assert all(len(line) <= 75 for line in text.split(b"\r\n")) and b"\n" not in text.replace(b"\r\n", b"")
    assert ask("GET", path, If_None_Match=headers["ETag"])[0] == 304
    whole = Calendar.from_ical(text)
    assert whole["VERSION"] == "2.0" and whole["PRODID"] and not whole.errors
    for event in whole.walk("VEVENT"):
        assert not event.errors, event.errors
        assert event["UID"] and event.decoded("DTSTAMP").tzinfo and event.decoded("DTSTART") < event.decoded("DTEND")
    return {str(event["UID"]).split("@")[0]: event for event in whole.walk("VEVENT")}


rooms = json.loads(done(200, ask("GET", f"/v1/rooms?division={community}&kind=memberActivity"))[2])["items"]
room = rooms[0]["id"]
week = [{"weekday": day, "spans": [{"from": "00:00", "to": "24:00"}]} for day in range(1, 8)]
name = "党员活动室；一楼, 东侧\\甲 " + "很长的名称" * 8
done(200, ask("PUT", f"/v1/rooms/{room}",
              {"name": name, "openTo": "resident", "bookable": True, "openingHours": {"weekly": week}}, If_Match="*"))
# Noon in the county, on three days that no other run of this stack has asked for.
noon = (datetime.now(timezone.utc) + timedelta(days=30)).replace(hour=4, minute=0, second=0, microsecond=0)
bookings = []
for day in range(3):
    start = noon + timedelta(days=day)
    body = {"roomID": room, "from": start.isoformat(), "to": (start + timedelta(hours=2)).isoformat(),
            "purpose": "居民议事; 第一议题, 第二议题\\其他", "headcount": 5, "contactName": "欧阳春梅"}
    _, headers, text = done(201, ask("POST", "/v1/own-bookings", body, Idempotency_Key=str(uuid.uuid4())))
    bookings.append((json.loads(text)["id"], start, headers["ETag"]))
identifier, _, tag = bookings[2]
done(200, ask("POST", f"/v1/own-bookings/{identifier}/cancel", If_Match=tag))

for path, summary in ((f"/v1/rooms/{room}/calendar", "已预约 booked"), (f"/v1/open-rooms/{room}/calendar", "已预约 booked"),
                      ("/v1/own-calendar", f"{name}：居民议事; 第一议题, 第二议题\\其他")):
    events = calendar(path)
    for place, (identifier, start, _) in enumerate(bookings):
        event = events[identifier]
        assert event.decoded("DTSTART") == start and event.decoded("DTEND") == start + timedelta(hours=2), event
        assert str(event["STATUS"]) == ("CANCELLED" if place == 2 else "CONFIRMED"), event
        assert int(event["SEQUENCE"]) == (1 if place == 2 else 0), event
        assert str(event["SUMMARY"]) == summary and str(event["LOCATION"]) == name, event
print("calendars are read by another parser")
