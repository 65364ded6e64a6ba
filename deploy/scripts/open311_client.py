"""Drives Open311 with three, a client that others wrote: open311_client.py ADDRESS KEY.

three 0.8.0 is of the time of Python 2: it imports itertools.ifilter, which Python 3 calls filter, and takes the first key of
a dictionary by its index where it converts XML. The first is given to it here; XML is parsed here, by the standard library,
from the bytes that three fetched.
"""

import itertools
import sys
import xml.etree.ElementTree as tree
from datetime import datetime, timedelta, timezone

itertools.ifilter = filter

from three import Three  # noqa: E402


def main(address, key):
    endpoint = address + "/open311/v2/"
    client = Three(endpoint, api_key=key, jurisdiction="532923")

    found = client.discovery()
    assert found["endpoints"][0]["url"] + "/" == endpoint, found
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"], found

    services = {service["service_code"]: service for service in client.services()}
    assert services["EM-UTILITY"]["metadata"] is True, services
    asked = client.services("EM-UTILITY")["attributes"][0]
    assert asked["required"] is True and asked["values"][0]["key"] == "水", asked

    receipt = client.post(
        "EM-UTILITY", lat="25.405", long="100.505", name="春梅 欧阳", phone="13800138000",
        description="某处停水 <b>&", address="某巷", **{"attribute[kind]": "水"})
    number = receipt[0]["service_request_id"]

    report = client.request(number)[0]
    assert report["description"] == "某处停水 <b>&" and report["status"] == "open", report
    assert (report["lat"], report["long"]) == (25.405, 100.505), report
    day = datetime.now(timezone.utc).date()
    listed = client.requests("EM-UTILITY", start=day - timedelta(days=1), end=day + timedelta(days=1))
    assert [item["service_request_id"] for item in listed] == [number], listed
    assert client.requests("PP-LAW") == []

    refused = Three(endpoint, api_key="no-key").post("EM-ROAD", lat="25.405", long="100.505")
    assert refused[0]["code"] == 403 and refused[0]["description"], refused
    refused = client.post("EM-UTILITY", lat="25.405", long="100.505")
    assert refused[0]["code"] == 400 and refused[0]["description"].startswith("attribute[kind]"), refused
    refused = client.token("none")
    assert refused[0]["code"] == 404, refused

    client = Three(endpoint, api_key=key, format="xml")
    root = tree.fromstring(client.request(number, convert=False))
    assert root.tag == "service_requests" and root.findtext("request/description") == "某处停水 <b>&"
    root = tree.fromstring(client.services(convert=False))
    assert root.tag == "services" and len(root.findall("service")) == len(services)
    root = tree.fromstring(client.discovery(endpoint + "discovery.xml"))
    assert root.findtext("endpoints/endpoint/type") == "production"
    print("three: all is well")


main(*sys.argv[1:])
