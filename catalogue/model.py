"""The base of every model: frozen, strict about its fields, cheap to make and to dump."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):  # noqa: PLW1641 - pydantic makes the hash of a frozen model
    """A value: never changed after it is made; an unknown field is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    def __eq__(self, other: object) -> bool:
        """Fields alone decide. Dumping without defaults compares every part of a record with its default."""
        if self is other:
            return True
        return type(self) is type(other) and self.__dict__ == other.__dict__
