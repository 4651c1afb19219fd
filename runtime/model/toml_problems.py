"""Problems in the TOML files that people write, in their words: which key, what it holds, what it may hold.

Maps pydantic's validation errors to one sentence each, with did-you-mean for a key or a word that is almost right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails


class ProfileRefused(ValueError):
    """An account or instruments file that cannot be taken: each problem is one sentence with its key."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse_toml(text: str, *, what: str) -> dict[str, Any]:
    """The table in a TOML text, with decimal numbers exact; raises `ProfileRefused`."""
    from decimal import Decimal

    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise ProfileRefused((f"the {what} is not valid TOML: {_lower(str(problem))}",)) from problem


def sentences(error: ValidationError, model: type[BaseModel]) -> tuple[str, ...]:
    """One sentence for each problem that pydantic found."""
    return tuple(dict.fromkeys(_sentence(detail, model) for detail in error.errors()))


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean …?` where a known word is near, else the known words."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    return f"; allowed are {', '.join(f'`{word}`' for word in known)}" if known else ""


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    key = _key(detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key `{key}`{suggestion(str(detail['loc'][-1]), _siblings(detail['loc'], model))}"
        case "missing":
            return f"`{key}` is missing"
        case "enum" | "literal_error":
            allowed = tuple(
                str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
            )
            return f"`{key}` is `{detail['input']}`, which is not allowed{suggestion(str(detail['input']), allowed)}"
        case "value_error":
            return f"`{key}`: {_lower(detail['msg'].removeprefix('Value error, '))}"
        case _:
            return f"`{key}` is `{detail['input']}`: {_lower(detail['msg'])}"


def _key(place: tuple[int | str, ...]) -> str:
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif not part.startswith(("function-", "list[", "tuple[", "constrained-")):
            text += f".{part}" if text else part
    return text


def _siblings(place: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that the table in which an unknown key stands may have."""
    fields: Mapping[str, Any] = model.model_fields
    for part in place[:-1]:
        if part in fields and (inner := _model_in(fields[str(part)].annotation)) is not None:
            fields = inner.model_fields
    return tuple(field.alias or name for name, field in fields.items())


def _model_in(annotation: Any) -> Any:
    """The model that an annotation such as `Optional[Model]` or `tuple[Model, ...]` holds."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part)) is not None), None)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
