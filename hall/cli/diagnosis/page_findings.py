"""What a technician is told of the staff pages that this machine serves."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from hall.cli.checking import pages_there
from hall.cli.checking.pages_there import ForeignPort, NotServed
from hall.counter.settings import CounterPagesSection
from hall.doctor.findings import Finding

_NAME = "trang cán bộ"


def pages(values: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    """Of a section that can be read; what is wrong in it is told of the file."""
    try:
        section = CounterPagesSection.model_validate(values.get("counter") or {})
    except ValidationError:
        return
    if section.port:
        yield _answer(section)
    if section.tls is not None and (fault := pages_there.fault_of(section.tls, now)):
        advice = (
            "Tạo lại: sudo motcua ca --pages --write / rồi: sudo systemctl restart motcua-counter"
        )
        yield Finding(_NAME, "chứng chỉ", well=False, text=fault, advice=advice, kind="certificate")


def _answer(section: CounterPagesSection) -> Finding:
    place = f"{section.host}:{section.port}"
    try:
        served = pages_there.ask(section)
    except NotServed:
        advice = "Xem vì sao: journalctl -u motcua-counter -n 50"
        return Finding(_NAME, "không mở", well=False, text=place, advice=advice, kind="pages")
    except ForeignPort:
        text = f"{place}: cổng do chương trình khác giữ, hoặc trang không trả lời"
        advice = "Chương trình nào: sudo ss -ltnp; đổi counter.port hoặc dừng nó"
        return Finding(_NAME, "cổng bị chiếm", well=False, text=text, advice=advice, kind="pages")
    paired = "" if served.paired is None else f", {served.paired} máy đã ghép"
    text = f"{place}: {served.watching} máy đang mở{paired}"
    return Finding(_NAME, "tốt", well=True, text=text, kind="pages")
