"""The catalogue of procedures as it travels: UTF-8 JSON in chunks, checked by one digest."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pydantic_core
from pydantic import ValidationError

from hall.contract.onestop_messages import Catalogue
from hall.contract.words import Count, ShortText, Text, WireModel

CHUNK_BYTES = 32 * 1024


class CatalogueProcedure(WireModel):
    """One procedure. A fee is shown with its note only: exemptions stand there.

    `sample`: from the sample data; a screen says "dữ liệu mẫu".
    """

    code: ShortText
    name: Text
    field: ShortText
    level: ShortText = ""
    time_limit: Text = ""
    fee_vnd: Count | None = None
    fee_note: Text = ""
    documents: tuple[Text, ...] = ()
    where: Text = ""
    url: ShortText = ""
    sample: bool = False


class CatalogueContent(WireModel):
    procedures: tuple[CatalogueProcedure, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A procedure that is wrong in a field: its place in the list, what it holds, why."""

    index: int
    content: object
    why: ValidationError


class DamagedCatalogue(ValueError):
    """The chunks do not make up what was announced: fetch them again."""


def pack(content: CatalogueContent) -> bytes:
    return content.model_dump_json(exclude_defaults=True).encode()


def announce(packed: bytes, count: int) -> Catalogue:
    """The version is the digest's beginning: the same content is the same version everywhere."""
    digest = hashlib.sha256(packed).hexdigest()
    return Catalogue(
        ver=digest[:12],
        sha256=digest,
        count=count,
        chunks=-(-len(packed) // CHUNK_BYTES),
        chunk_size=CHUNK_BYTES,
    )


def chunk(packed: bytes, index: int) -> str | None:
    """The chunk in base64, or None past the end."""
    piece = packed[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
    return base64.b64encode(piece).decode("ascii") if piece else None


def unpack(announced: Catalogue, chunks: Sequence[str]) -> CatalogueContent:
    """Put the chunks together, or raise DamagedCatalogue."""
    try:
        packed = b"".join(base64.b64decode(each, validate=True) for each in chunks)
    except ValueError as err:
        raise DamagedCatalogue("a chunk is not base64") from err
    return checked(announced, packed)


def checked(announced: Catalogue, packed: bytes) -> CatalogueContent:
    """The content of a whole catalogue, or raise DamagedCatalogue."""
    if hashlib.sha256(packed).hexdigest() != announced.sha256:
        raise DamagedCatalogue("the digest differs")
    return read(packed)


def read(packed: bytes) -> CatalogueContent:
    """The procedures that are right in every field, or raise DamagedCatalogue for no catalogue."""
    listed = _listed(packed)
    found = (_procedure(each) for each in listed)
    return CatalogueContent(
        procedures=tuple(each for each in found if isinstance(each, CatalogueProcedure))
    )


def left_out(packed: bytes) -> Iterator[LeftOut]:
    """The procedures that `read` leaves out. Raises DamagedCatalogue."""
    for index, each in enumerate(_listed(packed)):
        found = _procedure(each)
        if not isinstance(found, CatalogueProcedure):
            yield LeftOut(index, each, found)


def _listed(packed: bytes) -> list[object]:
    try:
        content = pydantic_core.from_json(packed, allow_inf_nan=False)
    except ValueError as err:
        raise DamagedCatalogue("not JSON") from err
    listed = content.get("procedures") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise DamagedCatalogue("not a catalogue")
    return listed


def _procedure(content: object) -> CatalogueProcedure | ValidationError:
    try:
        return CatalogueProcedure.model_validate(content)
    except ValidationError as err:
        return err
