"""The dispenser's daemon: presses, requests, printer and journal meet here."""

import logging
from typing import assert_never

from hall.contract.messages import HallState, Refusal, Reply
from hall.contract.requests import (
    Dispense,
    DispenseBooked,
    Identify,
    PrintOutcome,
    Reprint,
    Request,
    Simulate,
    TestPrint,
)
from hall.contract.topics import REQ_DEV, REQ_QUEUE, STATE_HALL
from hall.contract.words import LONGEST_CODE, is_personal
from hall.runtime.bus import Received, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.devices import DeviceLost, Devices, DeviceWell
from hall.runtime.picture import Presence, after
from hall.runtime.requester import new_id
from hall.scanning.ports import Scan
from printer import commands
from printer.jobs import presses, scans
from printer.jobs.composing import Composers
from printer.jobs.dispensing import (
    NO_SUCH_SERVICE,
    BookedTurn,
    Button,
    Dispensing,
    DispensingHooks,
)
from printer.jobs.presses import PressGuard, PressVerdict
from printer.jobs.printing import (
    NoSuchPaper,
    Printing,
    PrintingContext,
    TicketOutcome,
    TicketVoided,
)
from printer.jobs.scans import ScanGuard
from printer.jobs.store import Store
from printer.line.link import Down, LinkReport
from printer.line.reports import (
    Identified,
    JobConfirmed,
    JobDropped,
    JobHeld,
    JobSent,
    Keys,
    StatusReport,
    Up,
)
from printer.paper import notice, specimen
from printer.paper.specimen import Subject
from printer.plan import Attached, PaperOut, PrinterSetup
from printer.ports import (
    ButtonFoundDown,
    ButtonItem,
    ButtonPressed,
    ButtonReleased,
    Lamp,
)
from printer.watch import PrinterWatch

log = logging.getLogger(__name__)

# A result refused for these reasons (an old day, a ticket nobody knows) is not told again.
FINAL = ("unknown", "not_now", "expired", "id_reused", "bad_request")

SEE_THE_DESK = "Mời gặp quầy hướng dẫn."
NO_CONTROLLER = f"Hệ thống lấy số tạm ngừng. {SEE_THE_DESK}"
NOT_SIMULATED = "Máy in này là máy thật, không mô phỏng được."
NO_CODE = f"Đây không phải mã hẹn. {SEE_THE_DESK}"
NOT_A_CODE = f"Đây là thẻ hoặc số của một người, không phải mã hẹn. {SEE_THE_DESK}"
NO_SUCH_PAPER = "Chưa in phiếu nào như vậy trên máy này."
VOIDED = "Phiếu này đã huỷ vì không in được; không in lại. Mời lấy số mới."


class PrinterService:
    def __init__(
        self,
        context: DaemonContext,
        plan: PrinterSetup,
        store: Store,
        composers: Composers,
        attached: Attached,
    ) -> None:
        self._context = context
        self._plan = plan
        self._store = store
        self._composers = composers
        self._line = attached.line
        self._buttons = attached.buttons
        self._scanner = attached.scanner
        self._steering = attached.steering
        self._devices = Devices(context.health)
        self._watch = PrinterWatch(context.health, plan, store)
        printing = PrintingContext(
            store,
            attached.line,
            composers.raster,
            context.clock,
            takes_jobs=lambda: self._watch.takes_jobs,
            clock_unsure=lambda: self._clock_unsure,
        )
        self._printing = Printing(printing, self._send_outcome, limit_s=plan.wait_s)
        hooks = DispensingHooks(plan.services, self._printing, self._obstacle, self._explain)
        self._dispensing = Dispensing(context, hooks)
        self._guard = PressGuard(plan.presses_a_minute)
        self._scans = ScanGuard(plan.presses_a_minute)
        self._lamp: Lamp | None = None
        self._presence = Presence()
        self._clock_unsure = False

    # --- the daemon's side ---

    def start(self) -> None:
        now = self._context.clock.monotonic()
        for source in self._buttons:
            self._devices.expect(*source.devices)
        if self._scanner is not None:
            self._devices.expect(self._scanner.device)
        self._watch.start(now)
        broken = self._printing.recover(now)
        for composer in (self._composers.raster, self._composers.memory):
            if composer is not None:
                composer.warm()
        if self._steering is not None:
            self._steering.start()
        self._line.start(after_break=broken)
        for source in self._buttons:
            source.start(self._context.inbox.post)
        if self._scanner is not None:
            self._scanner.start(self._context.inbox.post)

    def stop(self) -> None:
        for source in self._buttons:
            source.stop()
        if self._scanner is not None:
            self._scanner.close()
        self._line.stop()
        if self._steering is not None:
            self._steering.stop()
        self._store.close()

    def tick(self, now: float) -> float:
        self._watch.tick(now, presses.stuck(self._guard, now))
        due = self._printing.tick(now)
        self._light(now)
        self._watch.set_state()
        asked, changed = self._dispensing.tick(now), presses.next_change(self._guard, now)
        times = [due, asked, changed, self._presence.due, self._watch.tardy_at]
        return min(t for t in times if t is not None and t > now)

    def handle(self, item: object) -> None:
        now = self._context.clock.monotonic()
        self._presence = after(self._presence, item, now)
        match item:
            case Received(channel, _, message) if channel is STATE_HALL:
                self._clock_unsure = expect(message, HallState).clock == "unsure"
            case Received(channel, levels, message) if channel is REQ_DEV:
                self._device_request(levels["client"], expect(message, Request), now)
            case (
                ButtonPressed() | ButtonFoundDown() | ButtonReleased() | DeviceLost() | DeviceWell()
            ):
                self._button(item, now)
            case Scan(text):
                self._scanned(text.strip(), now)
            case PaperOut(png) if self._plan.album is not None:
                self._plan.album(self._printing.current, png)
            case Up() | StatusReport() | Identified() | Keys() | Down():
                self._reported(item, now)
            case JobSent() | JobConfirmed() | JobHeld() | JobDropped():
                self._reported(item, now)
            case _:
                pass
        self._light(now)

    # --- requests ---

    def _device_request(self, client: str, request: Request, now: float) -> None:
        match request:
            case Dispense() | DispenseBooked():
                self._dispense(client, request, now)
            case Reprint():
                self._reprint(client, request, now)
            case TestPrint():
                self._slip(client, request, "trang-thu", now)
            case Identify():
                self._slip(client, request, "ten-may", now)
            case Simulate():
                self._simulate(client, request, now)
            case _:
                self._context.refuse(client, request.id, "bad_request", "Máy in không có việc này.")

    def _dispense(self, client: str, request: Dispense | DispenseBooked, now: float) -> None:
        """One who asks for too many must not use up the paper, nor the buttons' share."""
        if self._plan.tickets.allows(client, now):
            self._dispensing.requested(client, request, now)
        else:
            self._context.inbox.admission.flooded(client, now)
            self._context.refuse(client, request.id, "limit")

    def _reprint(self, client: str, request: Reprint, now: float) -> None:
        try:
            self._printing.again(request.ticket, now)
        except NoSuchPaper:
            self._context.refuse(client, request.id, "unknown", NO_SUCH_PAPER)
        except TicketVoided:
            self._context.refuse(client, request.id, "not_now", VOIDED)
        else:
            self._context.reply(client, request.id)

    def _slip(self, client: str, request: Request, name: str, now: float) -> None:
        trouble = self._watch.trouble
        if trouble is not None:
            self._context.refuse(client, request.id, "unavailable", trouble.text)
            return
        at = f"{self._context.clock.now().astimezone(self._composers.raster.zone):%H:%M %d/%m/%Y}"
        plan = self._plan
        subject = Subject(self._context.client, plan.model, plan.width, plan.answers, at)
        draw = specimen.page if isinstance(request, TestPrint) else specimen.identity
        blocks = draw(subject)
        self._printing.slip(self._composers.raster.slip(new_id(), blocks), name)
        self._printing.tick(now)
        self._context.reply(client, request.id)

    def _simulate(self, client: str, request: Simulate, now: float) -> None:
        if self._steering is None:
            self._context.refuse(client, request.id, "bad_request", NOT_SIMULATED)
            return
        if request.action == "press":
            self._simulate_press(client, request, now)
        elif self._steering.act_on(request.action, request.args):
            self._context.reply(client, request.id)
        else:
            text = f"Không mô phỏng được '{request.action}'."
            self._context.refuse(client, request.id, "bad_request", text)

    def _simulate_press(self, client: str, request: Simulate, now: float) -> None:
        service = str(request.args.get("service", ""))
        if service not in self._plan.services:
            self._context.refuse(client, request.id, "unknown", NO_SUCH_SERVICE)
            return
        priority = str(request.args["priority"]) if "priority" in request.args else None
        self._context.reply(client, request.id)
        self._press(f"{service}+{priority}", Button(service, priority), now)
        self._guard = presses.release(self._guard, f"{service}+{priority}")

    # --- buttons ---

    def _button(self, item: ButtonItem, now: float) -> None:
        match item:
            case ButtonPressed(key):
                button = self._plan.buttons.get(key)
                if button is not None:
                    self._press(key, button, now)
            case ButtonFoundDown(key):
                self._guard = presses.found_down(self._guard, key, now)
            case ButtonReleased(key):
                self._guard = presses.release(self._guard, key)
            case DeviceLost() | DeviceWell():
                self._devices.take_news(item)
            case _:
                assert_never(item)

    def _press(self, key: str, button: Button, now: float) -> None:
        judged = presses.press(self._guard, key, now)
        self._guard = judged.guard
        if judged.verdict is PressVerdict.ACCEPTED:
            self._dispensing.pressed(button, now)
        else:
            log.debug("press of %s not taken: %s", key, judged.verdict.value)

    # --- codes ---

    def _scanned(self, text: str, now: float) -> None:
        """A code before the scanner is an appointment's; whatever else it is is told on paper."""
        self._scans, fresh = scans.read(self._scans, text, now)
        if not fresh:
            return
        if is_personal(text):
            self._explain(Refusal(code="bad_request", text=NOT_A_CODE))
        elif 0 < len(text) <= LONGEST_CODE and text.isprintable():
            self._dispensing.pressed(BookedTurn(text), now)
        else:
            self._explain(Refusal(code="bad_request", text=NO_CODE))

    def _explain(self, refusal: Refusal) -> None:
        """Without paper the lamp says that nothing can be had here."""
        if self._watch.trouble is not None:
            return
        raster = self._composers.raster
        told = notice.blocks(self._plan.width, notice.reasons(refusal, raster.zone))
        self._printing.slip(raster.slip(new_id(), told), "chua-lay-duoc-so")
        self._printing.tick(self._context.clock.monotonic())

    # --- what dispensing asks of the printer ---

    def _obstacle(self, now: float) -> str | None:
        trouble = self._watch.trouble
        if trouble is not None:
            return f"{trouble.text} {SEE_THE_DESK}"
        return None if self._presence.reachable(now) else NO_CONTROLLER

    # --- the printer's side ---

    def _reported(self, report: LinkReport, now: float) -> None:
        self._watch.report(report)
        match report:
            case Up():
                log.info("printer ready: %s", self._plan.device)
                if self._composers.memory is not None:
                    self._line.instruct(commands.NV_LIST)
            case Down(why):
                log.warning("printer away: %s", why)
            case Keys(listed):
                self._choose_composer(listed)
            case Identified(name):
                log.info("printer says it is %s", name)
            case JobSent() | JobConfirmed() | JobHeld() | JobDropped():
                self._printing.job_reported(report, now)
            case StatusReport():
                pass

    def _choose_composer(self, listed: tuple[str, ...]) -> None:
        chosen = self._composers.for_printer(listed)
        self._printing.compose_with(chosen)
        self._watch.memory_lacks_strips(chosen is self._composers.raster or self._composers.stale)

    def _send_outcome(self, outcome: TicketOutcome) -> None:
        request = PrintOutcome(
            id=f"{outcome.attempt}-{outcome.result}",
            ticket=outcome.ticket,
            result=outcome.result,
        )

        def done(reply: Reply) -> None:
            if reply.status == "ok" or (reply.error and reply.error.code in FINAL):
                self._printing.outcome_delivered(outcome)

        now = self._context.clock.monotonic()
        self._context.requester.send_request(REQ_QUEUE, "print-result", request, done, now)

    # --- what people see ---

    def _light(self, now: float) -> None:
        lamp = Lamp.READY
        if self._watch.trouble is not None or not self._presence.reachable(now):
            lamp = Lamp.FAULT
        elif self._dispensing.waiting or self._printing.busy:
            lamp = Lamp.PRINTING
        if lamp is not self._lamp:
            self._lamp = lamp
            for source in self._buttons:
                source.lamps(lamp)
