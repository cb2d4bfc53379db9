"""What Schemathesis is told about the API beyond the documents. Each part says why."""

import copy
import json
import os
import re
import zlib

import schemathesis
from schemathesis.core.deserialization import deserialize_yaml
from schemathesis.core.media_types import YAML_MEDIA_TYPES

METHODS = ("get", "put", "post", "delete", "patch")
PREFIX = "#/components/schemas/"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    requests_as_the_controller_reads_them(raw_schema)
    examples_of_this_controller(raw_schema)


def requests_as_the_controller_reads_them(document):
    """Gives request bodies schemas of their own, with two conventions that spec/README.md states once instead of at
    every property: null for a property counts as left out, and a default stands for what is left out. Answers keep
    the schemas of the document.

    Bodies keep the examples that the document gives for the whole body, in JSON and in YAML. Those of single
    properties are taken out: every mixture of them would be made up, which takes hours for the largest kinds."""
    schemas = document["components"]["schemas"]
    taken = {}

    def taken_in(name):
        own = "Request." + name
        if own not in taken:
            taken[own] = None
            taken[own] = relaxed(copy.deepcopy(schemas[name]))
        return own

    def relaxed(schema):
        if isinstance(schema, list):
            return [relaxed(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return {"$ref": PREFIX + taken_in(reference.removeprefix(PREFIX))}
        schema.pop("example", None)
        for word, part in schema.items():
            if word in ("properties", "additionalProperties", "items", "allOf", "oneOf", "anyOf", "not"):
                schema[word] = {n: relaxed(p) for n, p in part.items()} if word == "properties" else relaxed(part)
            elif word == "discriminator":
                mapping = part.get("mapping", {})
                part["mapping"] = {v: PREFIX + taken_in(t.removeprefix(PREFIX)) for v, t in mapping.items()}
        properties = schema.get("properties", {})
        # A default of one possible value tells one variant of a oneOf from the others, so it is never left out there.
        required = [
            name
            for name in schema.get("required", [])
            if "default" not in properties.get(name, {}) or "enum" in properties[name]
        ]
        if required:
            schema["required"] = required
        else:
            schema.pop("required", None)
        for name, part in properties.items():
            if name not in required:
                properties[name] = nullable(part)
        return schema

    for operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        for media in content.values():
            media["schema"] = relaxed(copy.deepcopy(media.get("schema", {})))
            for word in ("example", "examples"):
                if word in content.get("application/json", {}):
                    media[word] = content["application/json"][word]
    schemas.update(taken)


def nullable(schema):
    if "$ref" in schema:
        return {"nullable": True, "allOf": [schema]}
    return {**schema, "nullable": True}


def examples_of_this_controller(document):
    """Puts the identifier that the default project has in this run in the place of the documents' example: another
    one leads nowhere, and every request would end with 404."""
    project = os.environ.get("RAFAY_FUZZ_PROJECT_ID")
    for parameter in document["components"].get("parameters", {}).values():
        if project and parameter["name"] == "projectId":
            parameter["example"] = project


def operations(document):
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                yield item[method]


# HTTP allows no control character in a header but the tab (RFC 9110, 5.5).
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@schemathesis.hook
def filter_case(context, case):
    return can_be_sent(case) and leaves_its_own_key(case) and is_among_those_kept(case)


def can_be_sent(case):
    """Passes over headers that are no HTTP. The server's HTTP library refuses them with an empty 400 before a line of
    the mock runs."""
    headers = dict(case.headers or {})
    return not any(CONTROL.search(str(value)) for value in headers.values())


def leaves_its_own_key(case):
    """Passes over a request that would take away the key that all requests are sent with, or the account of the key:
    everything after it would only be refused."""
    own = set(filter(None, os.environ.get("RAFAY_FUZZ_OWN", "").split(",")))
    return case.method.upper() != "DELETE" or own.isdisjoint(map(str, (case.path_parameters or {}).values()))


def is_among_those_kept(case):
    """Keeps one in so many of the cases that are made from the borders of the schemas, the same ones in every run.
    They are thousands for a large schema; the long run keeps them all."""
    one_in = int(os.environ.get("RAFAY_FUZZ_ONE_IN", "1"))
    if one_in == 1 or case.meta is None or case.meta.phase.name.value != "coverage":
        return True
    parts = (case.operation.label, case.method, case.path_parameters, case.query, case.headers, case.media_type)
    told = repr([dict(part) if hasattr(part, "items") else part for part in (*parts, case.body)])
    return zlib.crc32(told.encode("utf-8", "surrogatepass")) % one_in == 0


@schemathesis.deserializer(*YAML_MEDIA_TYPES)
def yaml_answer(context, response):
    """Leaves an answer that the document describes as a text what it is: a manifest is YAML, but not an object of
    the API."""
    declared = context.operation.definition.raw["responses"].get(str(response.status_code), {})
    schema = declared.get("content", {}).get("application/yaml", {}).get("schema", {})
    text = response.content.decode("utf-8")
    return text if schema.get("type") == "string" else deserialize_yaml(text)


# Reasons for refusing a request that no schema can say.
UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"  # the body names an object that is not there
BEYOND_SCHEMAS = (
    "here it must be",  # the body contradicts the path, or what may not change
    "which is no cron expression",  # the form is right, but a range goes backwards or past its end
)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops the complaint that a valid request was refused, where the reason is beyond what schemas can say, and the one
    that a wrong request was answered with 412: a precondition may be judged before the body (RFC 9110, 13.2.1)."""
    complaint = type(failure).__name__
    if response.status_code == 412 and complaint in ("RejectedPositiveData", "AcceptedNegativeData"):
        return not any(name.lower() in ("if-match", "if-none-match") for name in case.headers or {})
    if complaint != "RejectedPositiveData":
        return True
    return response.status_code != 400 or not refused_beyond_schemas(response)


def refused_beyond_schemas(response):
    try:
        body = json.loads(response.content)
    except ValueError:
        return False
    problems = body.get("details", [])
    code = body.get("internal", "")
    code = code or body.get("message", "").split(":")[0]
    return bool(problems) and all(
        UNKNOWN_REFERENCE in (code, problem.get("error_code"))
        or any(reason in problem["detail"] for reason in BEYOND_SCHEMAS)
        for problem in problems
    )
