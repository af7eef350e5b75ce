"""The catalogue comes through the wire whole or not at all."""

import pytest

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure, DamagedCatalogue

BIRTH = CatalogueProcedure(code="1.001193", name="Đăng ký khai sinh", field="Hộ tịch", fee_vnd=0)


def content(count: int) -> CatalogueContent:
    return CatalogueContent(procedures=(BIRTH,) * count)


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_what_is_packed_into_chunks_is_unpacked_whole(count: int) -> None:
    packed = catalogue.pack(content(count))
    announced = catalogue.announce(packed, count)
    chunks = [catalogue.chunk(packed, index) or "" for index in range(announced.chunks)]

    assert catalogue.unpack(announced, chunks) == content(count)
    assert catalogue.chunk(packed, announced.chunks) is None


def test_a_chunk_in_its_envelope_stays_below_the_limit_of_a_message() -> None:
    piece = catalogue.chunk(catalogue.pack(content(5000)), 0) or ""

    assert len(piece) < 47 * 1024


def test_a_chunk_of_another_version_damages_the_catalogue() -> None:
    packed = catalogue.pack(content(1))
    other = catalogue.chunk(catalogue.pack(content(2)), 0) or ""

    with pytest.raises(DamagedCatalogue, match="digest"):
        catalogue.unpack(catalogue.announce(packed, 1), [other])
    with pytest.raises(DamagedCatalogue, match="base64"):
        catalogue.unpack(catalogue.announce(packed, 1), ["*"])


def test_what_is_no_catalogue_is_refused() -> None:
    with pytest.raises(DamagedCatalogue, match="not a catalogue"):
        catalogue.read(b"[1, 2]")
