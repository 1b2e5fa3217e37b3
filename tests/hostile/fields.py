"""Which texts does the contract take, and where do they stand in a body?"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Place = tuple[str | int, ...]
_BOUND: Final = {"enum", "const", "format", "pattern"}
_NOWHERE: Final = "00000000-0000-4000-8000-000000000000"
_OF_FORMAT: Final = {"uuid": _NOWHERE, "date": "2020-04-01", "date-time": "2020-04-01T08:00:00"}
_OF_TYPE: Final = {"integer": 1, "number": 1, "boolean": True, "null": None}


class Contract:
    """The published contract, of which references are followed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]

    def texts(self, schema: Mapping[str, Any], place: Place = ()) -> Iterator[tuple[Place, bool]]:
        """Yield where a text may stand in what *schema* describes, and whether it is a free one.

        Of a list it is the first item.
        """
        for each in self._readings(schema):
            if each.get("type") == "string":
                yield place, not _BOUND & each.keys()
            elif each.get("type") == "array":
                yield from self.texts(each.get("items", {}), (*place, 0))
            for name, inner in each.get("properties", {}).items():
                yield from self.texts(inner, (*place, name))

    def filled(self, schema: Mapping[str, Any], text: str) -> object:
        """Return something that fits *schema* so far as one can tell, with *text* for each text."""
        each = next(self._readings(schema))
        if "enum" in each or "const" in each:
            return each.get("const", each.get("enum", [None])[0])
        if "properties" in each:
            required = each.get("required", ())
            told = {name: self.filled(each["properties"][name], text) for name in required}
            return told or {
                name: self.filled(one, text) for name, one in each["properties"].items()
            }
        if each.get("type") == "array":
            return [self.filled(each.get("items", {}), text)]
        if each.get("type") == "string":
            return _OF_FORMAT.get(each.get("format", ""), text)
        return _OF_TYPE.get(each.get("type", ""))

    def put(self, schema: Mapping[str, Any], body: object, place: Place, text: str) -> object:
        """Return a copy of *body* in which *text* stands at *place*."""
        if not place:
            return text
        step, *rest = place
        made: Any = copy.copy(body)
        for each in self._readings(schema):
            if isinstance(step, int) and each.get("type") == "array":
                inner = made[0] if isinstance(made, Sequence) and made else None
                return [self._deeper(each.get("items", {}), inner, tuple(rest), text)]
            if isinstance(step, str) and step in each.get("properties", {}):
                whole = dict(made) if isinstance(made, dict) else self.filled(each, text)
                assert isinstance(whole, dict)
                inner = whole.get(step)
                whole[step] = self._deeper(each["properties"][step], inner, tuple(rest), text)
                return whole
        raise AssertionError(f"{place} is nowhere")

    def _deeper(self, schema: Mapping[str, Any], inner: object, rest: Place, text: str) -> object:
        whole = self.filled(schema, text) if inner is None and rest else inner
        return self.put(schema, whole, rest, text)

    def _readings(self, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield what a schema may mean, one after the other."""
        if "$ref" in schema:
            yield from self._readings(self._schemas[schema["$ref"].rpartition("/")[2]])
        elif several := [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
            for each in several:
                yield from self._readings(each)
        else:
            yield schema
