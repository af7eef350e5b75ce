"""Where a hall's province is and by which password it is reached: the YAML's `uplink`, as read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hall.runtime import broker, credentials, link_faults
from hall.runtime.bus_mqtt import Server
from hall.runtime.credentials import MissingCredential
from hall.runtime.link_faults import LinkFault, Outlook

PROVINCE_CREDENTIAL = "province-password"
_KEYS = frozenset({"url", "ca", "credential", "unit"})
_ADVICE = "Tỉnh cấp tệp này: motcua province credential issue; chép vào đó, tự nối lại."

_NO_LINE = LinkFault(
    "tệp cấu hình không ghi broker của tỉnh", "Ghi mục uplink (url, ca, unit).", Outlook.LASTING
)


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """`url`: "" where none is named. `unit`: the hall's, as the province names it.

    `credential`: a name, not a password.
    """

    url: str
    ca: str = ""
    credential: str = PROVINCE_CREDENTIAL
    unit: str = ""

    def server(self, state: Path) -> Server:
        """With the password as it stands now; where there is none, why."""
        if not self.url:
            return Server("", 0, obstacle=_NO_LINE)
        return server_at(self.url, self.ca, self.credential, state, _ADVICE)


def server_at(url: str, ca: str, credential: str, state: Path, advice: str) -> Server:
    """The province's broker with the password as it stands now.

    Where there is none, why; `advice`: who writes the file of this credential.
    """
    at = broker.location(url)
    plain = Server(at.host, at.port, None, at.tls, ca)
    try:
        return replace(plain, password=credentials.read(credential, state))
    except MissingCredential as err:
        return replace(plain, obstacle=LinkFault(str(err), advice, Outlook.LASTING))
    except (OSError, ValueError) as err:
        return replace(plain, obstacle=link_faults.unreadable(err, "tệp mật khẩu"))


def line_in(uplink: object) -> ProvinceLine | None:
    """What a section `uplink` names; None where it names no broker. Judged by the role `uplink`."""
    if not isinstance(uplink, Mapping) or not str(uplink.get("url", "")).startswith("mqtt"):
        return None
    told = {key: str(value) for key, value in uplink.items() if key in _KEYS}
    return ProvinceLine(**told)
