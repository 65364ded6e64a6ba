"""What the fuzzer checks beside what the documents say: a refusal helps, and an answer says nothing of the inside."""

import re
import xml.etree.ElementTree as xml

import schemathesis

# What would show how a service is made: statements, tables, types, C libraries.
INSIDE = re.compile(
    r"\b(select .+ from|insert into|SQLSTATE|PostgresError|KafkaError|DecodingError|Swift\.|libpq|librdkafka)\b", re.I
)


@schemathesis.deserializer("text/xml")
def well_formed(ctx, response):
    """XML is read by another's parser; the documents say no more of it than that it is a text."""
    xml.fromstring(response.content)
    return response.text


@schemathesis.check
def refusal_names_the_field(ctx, response, case):
    """A request that cannot be read or breaks a rule is told which field, query item or header is wrong."""
    if response.status_code not in (400, 422):
        return
    if "/open311/" in case.path and "problem+json" not in str(response.headers.get("content-type")):
        # Its errors have the form of its standard: codes and descriptions.
        if "json" in str(response.headers.get("content-type")):
            assert all(error["code"] == 400 and error["description"] for error in response.json()), response.text
        else:
            codes = [code.text for code in xml.fromstring(response.content).iterfind("error/code")]
            assert codes and set(codes) == {"400"}, response.text
        return
    problem = response.json()
    faults = problem.get("faults") or []
    assert faults, f"no faults: {problem}"
    assert problem.get("field") == faults[0]["field"], problem


@schemathesis.check
def answer_says_nothing_of_the_inside(ctx, response, case):
    """No problem document quotes a statement, a type or a library."""
    if response.status_code < 400:
        return
    found = INSIDE.search(response.text)
    assert not found, f"the answer says: {found.group(0)}"
