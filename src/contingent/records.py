"""What every record of a scenario is: frozen once read, refusing unknown keys, and able to say its sources."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _as_list(value: Any) -> Any:
    """A lone name stands for a list of one, so that `claims: C07` reads as people write it."""
    return [value] if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Record(BaseModel):
    """A record that cannot change and takes no key it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False, validate_default=True
    )


class SourcedRecord(Record):
    """A record whose numbers rest on claims or on a stated assumption.

    A number without sources of its own inherits those of the nearest record around it.
    """

    claims: Names = Field(default=())
    """Identifiers of the claims in the ledger that this record's numbers rest on."""
    assumption: str = ""
    """Why the numbers are what they are where no claim supports them."""
