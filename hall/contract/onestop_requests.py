"""What the one-stop side and its gateway are asked, and the data of their replies."""

from typing import Literal

from pydantic import Field

from hall.contract.requests import Request
from hall.contract.words import (
    Count,
    Day,
    DossierCode,
    Flag,
    RequestId,
    Serial,
    ShortText,
    Text,
    Time,
    Whole,
    WireModel,
)


class DossierLookup(Request):
    code: DossierCode


class CatalogueChunk(Request):
    """`index` counts from 0; `ver` is the catalogue's, so that a change in between is noticed."""

    ver: Whole | ShortText
    index: Count


class Imports(Request):
    pass


class AcceptImport(Request):
    """A person agrees that a file which was held back is right; `mark` names its very content."""

    mark: RequestId
    staff: ShortText | None = None


class TypedCount(WireModel):
    """A count as somebody typed it; `figure` is its dotted name, such as received.total."""

    figure: ShortText
    text: ShortText


class EnterFigures(Request):
    """Figures of one period; `sure`: in spite of a doubt."""

    staff: ShortText = Field(min_length=1)
    period: ShortText = Field(min_length=1)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    values: tuple[TypedCount, ...] = Field(min_length=1, max_length=60)
    sure: Flag = False


class Procedure(WireModel):
    code: ShortText
    name: Text


class Step(WireModel):
    at: Time
    text: Text


class DossierData(WireModel):
    """The degree of completion, and not a word about whose dossier it is or who works on it.

    `status`: 1 to 10 of the national portal; one that is not known yet reads "đang cập nhật".
    """

    code: ShortText
    status: Serial
    procedure: Procedure
    received_on: Day | None = None
    due_on: Day | None = None
    due_original: Day | None = None
    done_on: Day | None = None
    collect_at: Text | None = None
    missing: tuple[Text, ...] = ()
    steps: tuple[Step, ...] = ()


class ImportRefused(WireModel):
    """One kind of cell or row that was not understood.

    `places`: the first of them, never what stands there.
    """

    kind: ShortText
    count: Count
    places: tuple[ShortText, ...] = ()


class ImportReport(WireModel):
    """What became of one file. `taken` of `rows` were wholly understood; `mark` is its content's.

    `reasons`: why it was held back or refused; `advice`: what a person does now.
    """

    file: ShortText
    what: Literal["dossiers", "procedures", "figures", "notice", "other"]
    state: Literal["reading", "taken", "held", "refused"]
    at: Time
    rows: Count = 0
    taken: Count = 0
    refused: tuple[ImportRefused, ...] = ()
    remarks: tuple[Text, ...] = ()
    reasons: tuple[Text, ...] = ()
    advice: Text = ""
    mark: ShortText = ""


class ImportsData(WireModel):
    """One report a file, newest first."""

    imports: tuple[ImportReport, ...]


class CatalogueChunkData(WireModel):
    """`data`: base64 of the chunk's bytes; all chunks together are UTF-8 JSON."""

    ver: Whole | ShortText
    index: Count
    data: str = Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$")
