// The clerk's call page. What it shows comes from the hall's states alone; a press only asks.

import { bell, setBell, wake, watchman } from "/static/bell.js";
import { dialogs, leaveDialog, openOne } from "/static/dialogs.js";
import { drawLine, nextOf, recentRow } from "/static/line.js";
import { act, asSeen, broughtBy, byId, clockText, counterName, el, fill, hallNow, isDisarmed, isDouble, minutesSince, serviceName, showTrouble, shown, staffField, text, toast, trouble, watch } from "/static/live.js";
import { STATUS as COMMON } from "/static/words.js";

const me = decodeURIComponent(location.pathname.split("/")[2]);
const STATUS = { ...COMMON, closed: "Quầy đóng" };
const EMPTY = { closed: COMMON.closed, open: "–", paused: STATUS.paused };
const AWAY = { closed: "đang đóng", paused: "đang tạm nghỉ" };
let busy = null;

const counter = () => shown.get(`counter/${me}`) ?? null;
const mine = () => shown.get("setting")?.counters.find((each) => each.id === me) ?? null;
const line = () => shown.get(`line/${me}`);

/** Why a verb cannot be asked for now; null: it can. For button, chip, key and dialog alike. */
function barred(verb) {
  if (trouble() !== null) return trouble();
  if (busy !== null) return "Đang gửi việc vừa bấm, mời chờ một chút.";
  if (isDisarmed(me)) return "Quầy vừa đổi sang người khác, mời xem số đang hiện rồi bấm lại.";
  const guard = shown.get(`guard/${me}`);
  if (!guard) return "Đang nối…";
  if (verb === "undo" && undoLeft() === 0) return guard.undo ?? "Đã quá 10 giây, không hoàn tác được nữa.";
  return guard[verb] ?? null;
}

/** Ask, unless it makes no sense now; gives the reply, or null when nothing was asked. */
async function press(verb, body = {}, seen = asSeen(me)) {
  if (isDouble(verb + JSON.stringify(body))) return null;
  const why = barred(verb);
  if (why !== null) { toast(why, "bad"); return null; }
  busy = verb;
  render();
  const reply = await act(`/api/counter/${encodeURIComponent(me)}/${verb}`, { ...seen, ...body });
  broughtBy(me, reply);
  busy = null;
  tell(verb, body, reply);
  render();
  return reply;
}

function tell(verb, body, reply) {
  if (reply.status !== "ok") toast(refusal(verb, body, reply), "bad");
  else if (verb === "undo") toast(reply.data?.ticket ? `Đã hoàn tác: ${reply.data.ticket.number} trở lại như trước.` : "Đã hoàn tác.", "good");
  else if (verb === "call-next" && reply.data?.ticket === null) toast("Không còn ai chờ ở các dịch vụ của quầy này.");
  else if (reply.data?.warning) toast(sentAway(reply.data, body.to), "bad");
}

/** Who was called and passed over by "Gọi tiếp" is in no list from which a number can be called. */
function refusal(verb, body, reply) {
  const passed = verb === "call-ticket" && reply.error?.code === "not_now" && (shown.get("passed") ?? []).find((number) => number === body.number?.replace(/[\s.-]/g, ""));
  if (passed) return `${passed} đã được gọi rồi bị gọi vượt mà không ai ghi có đến hay không, nên không gọi lại bằng số được. Mời người dân lấy số mới.`;
  return reply.error?.text ?? "Không thực hiện được.";
}

/** Where somebody was sent though nobody calls there just now. */
function sentAway(data, to) {
  const [place, what] = to.counter ? [counterName(to.counter), "quầy đó"] : [serviceName(to.service), "dịch vụ đó"];
  return `${data.ticket.number} đã chuyển đến ${place}, nhưng ${what} ${AWAY[data.warning]}.`;
}

const openDialog = dialogs(async (verb, body, seen) => {
  if (verb !== "call-ticket") { press(verb, body, seen); return true; }
  const reply = await press(verb, body, seen);
  const why = reply === null || reply.status === "ok" ? null : refusal(verb, body, reply);
  byId("call-ticket-why").hidden = why === null;
  text("call-ticket-why", why ?? "");
  return reply?.status === "ok";
});

function ask(verb) {
  if (openOne()) return;
  const why = barred(verb);
  if (why !== null) { toast(why, "bad"); return; }
  const ticket = counter()?.ticket ?? null;
  byId("call-ticket-why").hidden = true;
  openDialog(verb, me, ticket, asSeen(me, ticket?.id ?? null));
}

const asksMore = (verb) => verb === "finish" && (shown.get("setting")?.outcomes ?? []).length > 0;

function render() {
  showTrouble();
  const state = counter();
  const status = state?.status ?? "closed";
  const held = heldTickets();
  text("hall-name", shown.get("setting")?.hall.name ?? "");
  text("counter-name", mine()?.name ?? `Quầy ${me}`);
  text("counter-state", state ? STATUS[status] : "…");
  byId("counter-state").dataset.status = status;
  card(state, status);
  const next = nextOf(line(), held);
  const waiting = waitingCount();
  document.title = `${waiting ? `(${waiting}) ` : ""}${state?.ticket?.number ?? mine()?.name ?? "Gọi số"}`;
  text("waiting-total", String(waiting));
  text("hint-call-next", nextHint(state, next, waiting));
  text("hint-finish", asksMore("finish") ? "chọn kết quả" : "");
  buttons();
  undoBar(state);
  drawLine(byId("waiting"), line(), held);
  aside();
  const recent = (shown.get("board")?.recent ?? []).slice(0, 6);
  fill(byId("recent"), recent, () => recent.map(recentRow));
  bellTool();
  if (trouble() === null) look(waiting, next?.number ?? "", status === "open" || status === "called", state?.ver);
  leaveDialog(state?.ticket ?? null);
}

/** Going on from somebody who was only called leaves unknown whether they came. */
function nextHint(state, next, waiting) {
  if (state?.status === "called") return `${state.ticket.number} chưa bắt đầu: đến rồi thì bấm Bắt đầu, không đến thì Vắng mặt`;
  if (next) return `kế tiếp ${next.words}`;
  return waiting ? `${waiting} người đang chờ` : "chưa có ai chờ";
}

function card(state, status) {
  const ticket = state?.ticket ?? null;
  byId("card").dataset.status = status;
  text("status", state ? STATUS[status] : "Đang nối…");
  text("number", ticket?.number ?? EMPTY[status] ?? "–");
  byId("number").classList.toggle("words", ticket === null);
  fill(byId("service"), [ticket?.service, ticket?.priority, shown.get("setting")?.services], () => (ticket ? [serviceName(ticket.service), ticket.priority ? el("em", { class: "priority" }, priorityName(ticket.priority)) : ""] : [""]));
  text("facts", facts(state));
  text("said", ticket && state ? `${STATUS[status]} ${ticket.number}, ${serviceName(ticket.service)}${ticket.priority ? `, ${priorityName(ticket.priority)}` : ""}` : STATUS[status]);
}

const priorityName = (id) => shown.get("setting")?.priorities.find((each) => each.id === id)?.name ?? "Ưu tiên";

function facts(state) {
  if (!state?.ticket) return "";
  const waited = state.called_at ? Math.max(0, Math.floor((Date.parse(state.called_at) - Date.parse(state.ticket.issued_at)) / 60000)) : minutesSince(state.ticket.issued_at);
  const parts = [`Đã chờ ${waited} phút (từ ${clockText(Date.parse(state.ticket.issued_at))})`];
  if (state.called_at) parts.push(minutesSince(state.called_at) ? `gọi ${minutesSince(state.called_at)} phút trước` : "vừa gọi");
  if (state.recalls > 0) parts.push(`đã gọi lại ${state.recalls} lần`);
  return parts.join(" · ");
}

const verbOf = (button) => button.dataset.verb ?? button.dataset.dialog;

function buttons() {
  for (const button of document.querySelectorAll("button[data-key]")) {
    const verb = verbOf(button);
    const why = barred(verb);
    button.setAttribute("aria-disabled", String(why !== null));
    button.title = why ?? "";
    button.classList.toggle("busy", busy === verb);
  }
  if (isDisarmed(me)) setTimeout(render, 200);
}

/** For how many more seconds the last act at this counter can be taken back. */
function undoLeft() {
  const until = counter()?.undo_until;
  return until ? Math.min(10, Math.max(0, Math.ceil((Date.parse(until) - hallNow()) / 1000))) : 0;
}

function undoBar(state) {
  const left = undoLeft();
  const last = shown.get(`act/${me}`);
  byId("undo-bar").hidden = left === 0;
  byId("undo-bar").style.setProperty("--left", String(left / 10));
  const words = shown.get("setting")?.events[last?.type] ?? "việc vừa làm";
  text("undo-what", left && state ? `Vừa ${words}${last?.number ? ` ${last.number}` : ""}` : "");
  text("hint-undo", left ? `còn ${left} giây` : "");
}

/** Who is at a counter by its state does not wait, though a list may be a moment older. */
function heldTickets() {
  const counters = shown.get("setting")?.counters ?? [];
  return new Set(counters.map((each) => shown.get(`counter/${each.id}`)?.ticket?.id).filter(Boolean));
}

function myServices() {
  const setting = mine();
  return setting ? [...new Set([...setting.serves, ...setting.helps])] : [];
}

function waitingCount() {
  return myServices().reduce((sum, id) => sum + (shown.get(`service/${id}`)?.waiting ?? 0), counter()?.sent?.count ?? 0);
}

function aside() {
  const services = myServices();
  const found = (shown.get("aside") ?? []).filter((each) => each.counter === me || services.includes(each.service)).slice(-12);
  const why = barred("call-ticket");
  fill(byId("aside"), [found, why], () => (found.length ? found.map((each) => chip(each, why)) : [el("span", { class: "none" }, "Chưa có")]));
}

function chip(each, why) {
  const state = each.why === "parked" ? "tạm gác" : "vắng";
  return el("button", { type: "button", class: "chip", title: why ?? "Gọi lại số này", "aria-disabled": String(why !== null), onclick: () => press("call-ticket", { ticket: each.ticket }) }, el("b", {}, each.number), ` ${state}`);
}

function bellTool() {
  byId("ask-bell").hidden = bell() !== null || !counter();
  byId("bell").setAttribute("aria-pressed", String(bell() === "on"));
  text("bell", bell() === "on" ? "Chuông: bật" : "Chuông: tắt");
}

const look = watchman(me, () => (shown.get("setting")?.remind_min ?? 0) * 60000, () => Date.now());
const chooseBell = (on) => { setBell(on); bellTool(); };

staffField(byId("staff"));
byId("bell").addEventListener("click", () => chooseBell(bell() !== "on"));
byId("bell-yes").addEventListener("click", () => chooseBell(true));
byId("bell-no").addEventListener("click", () => chooseBell(false));
byId("help").addEventListener("click", () => { if (!openOne()) openDialog("keys", me, null, {}); });
document.addEventListener("click", wake);
for (const button of document.querySelectorAll("button[data-key]")) {
  const verb = verbOf(button);
  button.addEventListener("click", () => (button.dataset.dialog || asksMore(verb) ? ask(verb) : press(verb)));
}

/** The name of a key as a button bears it. By its place: an input method would change the letter. */
function keyName(event) {
  if (event.altKey || event.metaKey || event.shiftKey) return null;
  if (!event.ctrlKey) return /^F\d+$/.test(event.key) ? event.key : null;
  return event.code.startsWith("Key") ? `Ctrl+${event.code.slice(3)}` : null;
}
document.addEventListener("keydown", (event) => {
  const name = keyName(event);
  const button = name === "F1" ? byId("help") : name && document.querySelector(`button[data-key="${name}"]`);
  if (!button || (name === "Ctrl+Z" && event.target instanceof HTMLInputElement)) return;
  // Held back also where nothing is done: a page that prints or goes away is not what was meant.
  event.preventDefault();
  if (!event.repeat && !openOne()) button.click();
});

watch(render, [`line/${me}`]);
