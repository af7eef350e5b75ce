"""The registry as an AsyncAPI 3.0 document, for those who build against the hall."""

from typing import Any

from pydantic.json_schema import models_json_schema

from hall.contract import MAJOR, MAX_BYTES, SCHEMA
from hall.contract.catalogue import CatalogueContent
from hall.contract.rights import alert_codes, writers
from hall.contract.topics import CHANNELS, EXT_CATALOGUE, RSP, Channel, Kind
from hall.contract.verbs import Verb
from hall.contract.words import Envelope, WireModel

_REF = "#/components/schemas/{model}"


def document(version: str) -> dict[str, Any]:
    """The whole document as JSON values."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "motcua hall bus",
            "version": f"{MAJOR}.{version}",
            "description": (
                "What the daemons of a one-stop hall, the one-stop software and third parties say "
                f"to one another. JSON, UTF-8, NFC, at most {MAX_BYTES} bytes. States are retained "
                "full snapshots; requests are never retained and carry an id reused on retries."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "servers": _SERVERS,
        "defaultContentType": "application/json",
        "channels": {key: _channel(ch, verb) for key, ch, verb in _entries()},
        "operations": _operations(),
        "components": {
            "messages": _messages(),
            "schemas": _schemas(),
            "securitySchemes": {"password": _PASSWORD},
        },
    }


_SECURITY = [{"$ref": "#/components/securitySchemes/password"}]
_PASSWORD = {
    "type": "userPassword",
    "description": "User name and client id are the same, one connection each; the hall's "
    "technician gives the password.",
}
_SERVERS = {
    "hall": {
        "host": "{machine}:8883",
        "protocol": "mqtts",
        "description": "The broker of one hall, from its own network; MQTT 3.1.1 or 5, clean "
        "session, keepalive 10 to 60 s.",
        "variables": {"machine": {"description": "name or address in the hall's network"}},
        "security": _SECURITY,
    },
    "machine": {
        "host": "127.0.0.1:1883",
        "protocol": "mqtt",
        "description": "The same broker, from the machine that it runs on.",
        "security": _SECURITY,
    },
}
# What pydantic writes of a bound that stands outside a validator, and JSON Schema's word for it.
_KEYWORDS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "max_length": "maxLength",
    "min_length": "minLength",
}


def _entries() -> list[tuple[str, Channel, Verb | None]]:
    rows: list[tuple[str, Channel, Verb | None]] = []
    for channel in CHANNELS:
        if channel.verbs is None:
            rows.append((channel.name, channel, None))
        else:
            rows += [(f"{channel.name}-{v.name}", channel, v) for v in channel.verbs.values()]
    return rows


def _channel(channel: Channel, verb: Verb | None) -> dict[str, Any]:
    pattern = channel.pattern.replace("{verb}", verb.name) if verb else channel.pattern
    names = ["hall", *(p[1:-1] for p in pattern.split("/") if p.startswith("{"))]
    message = _message_name(channel, verb)
    return {
        "address": f"motcua/{MAJOR}/{{hall}}/{pattern}",
        "title": channel.title if verb is None else f"{channel.title}: {verb.name}",
        "description": _about(channel, verb),
        "parameters": {name: _parameter(name) for name in names},
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {"mqtt": {}},
    } | _content(channel)


def _content(channel: Channel) -> dict[str, Any]:
    """What the chunks of a catalogue are, put together: AsyncAPI has no word for it."""
    if channel is not EXT_CATALOGUE:
        return {}
    return {"x-content": {"$ref": _REF.format(model=CatalogueContent.__name__)}}


_PARAMETERS = {
    "hall": "the hall's id, unique nation-wide, [a-z0-9-]{1,32}",
    "counter": "the counter's id, a string such as 3 or 5A",
    "service": "the service's id",
    "client": "the client id, which is the user name: printer-1, kiosk-1, counters …",
    "target": "the client id of the device",
    "code": "the alert's code, such as paper_out",
}


def _parameter(name: str) -> dict[str, Any]:
    about: dict[str, Any] = {"description": _PARAMETERS[name]}
    return about | {"enum": list(alert_codes())} if name == "code" else about


def _about(channel: Channel, verb: Verb | None) -> str:
    who = ", ".join(sorted(verb.callers if verb else writers(channel)))
    keep = "retained" if channel.retained else "not retained"
    effect = f" {verb.effect}." if verb else ""
    return f"{channel.kind.value}, {keep}.{effect} Written by: {who}."


def _operations() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, channel, verb in _entries():
        operation: dict[str, Any] = {
            "action": "receive" if channel.kind is Kind.REQUEST else "send",
            "channel": {"$ref": f"#/channels/{key}"},
            "summary": channel.title if verb is None else verb.effect,
            "bindings": {"mqtt": _binding(channel, verb)},
        }
        if verb is not None:
            operation["reply"] = {"channel": {"$ref": f"#/channels/{RSP.name}"}}
            # AsyncAPI has no word for "the field `data` of the reply is this schema".
            operation["x-reply-data"] = {"$ref": _REF.format(model=verb.data.__name__)}
        found[f"{'on' if verb else 'send'}-{key}"] = operation
    return found


def _binding(channel: Channel, verb: Verb | None) -> dict[str, Any]:
    binding: dict[str, Any] = {"qos": channel.qos(verb.name if verb else None)}
    binding["retain"] = channel.retained
    if channel.expiry_s is not None:
        binding["messageExpiryInterval"] = channel.expiry_s
    return binding


def _message_name(channel: Channel, verb: Verb | None) -> str:
    return (verb.request if verb else channel.model).__name__


def _messages() -> dict[str, Any]:
    found = {}
    for _, channel, verb in _entries():
        name = _message_name(channel, verb)
        payload = {"allOf": [{"$ref": _REF.format(model=n)} for n in ("Envelope", name)]}
        found[name] = {"name": name, "contentType": "application/json", "payload": payload}
    return found


def _models() -> list[type[WireModel]]:
    models: dict[str, type[WireModel]] = {"Envelope": Envelope}
    for _, channel, verb in _entries():
        for model in (channel.model,) if verb is None else (verb.request, verb.data):
            models[model.__name__] = model
    return [*models.values(), CatalogueContent]


def _schemas() -> dict[str, Any]:
    _, combined = models_json_schema(
        [(model, "validation") for model in _models()], ref_template=_REF
    )
    schemas: dict[str, Any] = combined["$defs"]
    schemas["Envelope"]["properties"]["schema"]["const"] = SCHEMA
    return {name: _worded(schema) for name, schema in schemas.items()}


def _worded(schema: Any) -> Any:  # noqa: ANN401 - whatever JSON Schema holds
    """The same schema in the words that every validator knows."""
    if isinstance(schema, list):
        return [_worded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {_KEYWORDS.get(key, key): _worded(value) for key, value in schema.items()}
