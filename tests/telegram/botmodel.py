"""Whether a request is one that the Bot API knows, as aiogram's pydantic classes see it.

aiogram lets unknown fields pass and turns types into each other where it can; here neither is allowed.
"""

from __future__ import annotations

import json
import types
import typing
from typing import Any

from aiogram import methods
from aiogram import types as aiogram_types
from pydantic import BaseModel, TypeAdapter, ValidationError

METHODS: dict[str, type[BaseModel]] = {
    method.__api_method__: method
    for method in vars(methods).values()
    if isinstance(method, type)
    and issubclass(method, methods.TelegramMethod)
    and "__api_method__" in vars(method)
}


class ModelError(ValueError):
    """How a request differs from the Bot API."""


def checked(method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a call, decoded; raises ModelError, also for a method that does not exist.

    Values of a form arrive as strings; what is no string in the Bot API is JSON there.
    """
    model = METHODS.get(method)
    if model is None:
        raise ModelError(f"there is no method {method}")
    decoded = {
        name: _decode(model, name, value) if isinstance(value, str) else value
        for name, value in parameters.items()
    }
    try:
        request = model.model_validate_json(json.dumps(decoded), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"{method}: {where}: {first['msg']}") from None
    _refuse_unknown(request, method)
    return decoded


def assert_result(method: str, result: Any) -> None:
    """That the stand-in itself answers as the Bot API does; raises ModelError."""
    returning = METHODS[method].__returning__  # type: ignore[attr-defined]
    try:
        _refuse_unknown(TypeAdapter(returning).validate_json(json.dumps(result)), f"result of {method}")
    except ValidationError as error:
        raise ModelError(f"the stand-in's own answer to {method} is wrong: {error}") from None


def assert_update(update: dict[str, Any]) -> None:
    """That the stand-in delivers an update such as Telegram's; raises ModelError."""
    try:
        _refuse_unknown(aiogram_types.Update.model_validate_json(json.dumps(update)), "update")
    except ValidationError as error:
        raise ModelError(f"the stand-in's own update is wrong: {error}") from None


def _decode(model: type[BaseModel], name: str, value: str) -> Any:
    field = model.model_fields.get(name)
    if field is None:
        return value  # found to be unknown in a moment
    kinds = _members(field.annotation)
    if str in kinds and not (int in kinds and value.lstrip("-").isdigit()):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _members(annotation: Any) -> set[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return set().union(*(_members(member) for member in typing.get_args(annotation)))
    return {annotation}


def _refuse_unknown(value: Any, where: str) -> None:
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise ModelError(
                f"{where}: unknown field {sorted(value.model_extra)[0]!r} of {type(value).__name__}"
            )
        for name in value.model_fields_set:
            _refuse_unknown(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_unknown(item, f"{where}.{index}")
