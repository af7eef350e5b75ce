"""What the YAML says about this kiosk and its hall, as the pure parts need it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hall.runtime.opening import Calendar
from hall.signs.assigning import COLORS, WITH_PRIORITY, ServiceSign


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """`sign`: the colour and picture by which it is known everywhere in the hall.

    `elsewhere`: another place that does it. `intake_until`: the minute of the day from which it
    gives no numbers; `last_ticket_min`: so many minutes before the hall closes it stops.
    """

    id: str
    name: str
    sign: ServiceSign = ServiceSign(COLORS[0], "list")  # noqa: RUF009 - a frozen value
    elsewhere: str = ""
    intake_until: int | None = None
    last_ticket_min: int = 0


@dataclass(frozen=True, slots=True)
class CounterLabel:
    """`serves`: names of its services, for the line under its number."""

    id: str
    name: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriorityChoice:
    """`pictures`: who has it, for who cannot read."""

    id: str
    name: str
    pictures: tuple[str, ...] = WITH_PRIORITY


@dataclass(frozen=True, slots=True)
class RatingOption:
    """A question that is asked of being served, or a reason that may be given."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class KioskSetup:
    """Times in seconds. `pin`: hidden menu; empty = none.

    `attract_s` 0: the home page stays. `first_letters`: letters on the first keypad page.
    `booked`: people can have appointments here. `turn_url`: where phones follow a turn, without a
    slash at its end, and `turn_wifi` the network it opens in; empty = there is no such page.
    `code_prefix`: the hall's own part of a dossier's code. `logo`, `photographs`: picture files.
    """

    client: str
    hall_name: str
    services: tuple[ServiceChoice, ...]
    counters: tuple[CounterLabel, ...]
    priorities: tuple[PriorityChoice, ...] = ()
    languages: tuple[str, ...] = ("vi", "en")
    printer: str | None = None
    paperless: bool = False
    idle_s: float = 60.0
    personal_idle_s: float = 30.0
    attract_s: float = 0.0
    first_letters: str = "H"
    pin: str = field(default="", repr=False)
    public_url: str = ""
    speaks: bool = False
    scans: bool = True
    booked: bool = False
    turn_url: str = ""
    turn_wifi: str = ""
    code_prefix: str = ""
    logo: str = ""
    photographs: tuple[str, ...] = ()
    questions: tuple[RatingOption, ...] = ()
    reasons: tuple[RatingOption, ...] = ()
    calendar: Calendar = Calendar({})  # noqa: RUF009 - a frozen value

    def service(self, ident: str) -> ServiceChoice | None:
        return next((each for each in self.services if each.id == ident), None)

    def renamed(self, name: Callable[[str], str]) -> "KioskSetup":
        """With every name as another language has it."""
        return replace(
            self,
            hall_name=name(self.hall_name),
            services=tuple(
                replace(each, name=name(each.name), elsewhere=name(each.elsewhere))
                for each in self.services
            ),
            counters=tuple(
                replace(each, name=name(each.name), serves=tuple(map(name, each.serves)))
                for each in self.counters
            ),
            priorities=tuple(replace(each, name=name(each.name)) for each in self.priorities),
            questions=tuple(replace(each, name=name(each.name)) for each in self.questions),
            reasons=tuple(replace(each, name=name(each.name)) for each in self.reasons),
        )
