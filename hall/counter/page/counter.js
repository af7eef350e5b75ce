// The clerk's call page. What it shows comes from the hall's states alone; a press only asks.

import { act, asSeen, broughtBy, byId, clockText, counterName, el, fill, hallNow, isDouble, minutesSince, serviceName, showTrouble, shown, staffField, text, toast, trouble, watch } from "/static/live.js";

const me = decodeURIComponent(location.pathname.split("/")[2]);
const STATUS = { closed: "Quầy đóng", open: "Sẵn sàng", paused: "Tạm nghỉ", called: "Đang gọi", serving: "Đang phục vụ" };
const AWAY = { closed: "đang đóng", paused: "đang tạm nghỉ" };
let busy = null;
// What was seen when the open dialog was asked for.
let opened = {};

const counter = () => shown.get(`counter/${me}`) ?? null;
const mine = () => shown.get("setting")?.counters.find((each) => each.id === me) ?? null;

async function press(verb, body = {}, seen = asSeen(me)) {
  if (isDouble(verb + JSON.stringify(body)) || busy !== null) return;
  busy = verb;
  render();
  const reply = await act(`/api/counter/${encodeURIComponent(me)}/${verb}`, { ...seen, ...body });
  broughtBy(me, reply);
  busy = null;
  if (reply.status !== "ok") toast(reply.error?.text ?? "Không thực hiện được.", "bad");
  else if (verb === "undo") toast(reply.data?.ticket ? `Đã hoàn tác: ${reply.data.ticket.number} trở lại như trước.` : "Đã hoàn tác.", "good");
  else if (verb === "call-next" && reply.data?.ticket === null) toast("Không còn ai chờ ở các dịch vụ của quầy này.");
  else if (reply.data?.warning) toast(sentAway(reply.data, body.to), "bad");
  render();
}

/** Where somebody was sent though nobody calls there just now. */
function sentAway(data, to) {
  const [place, what] = to.counter ? [counterName(to.counter), "quầy đó"] : [serviceName(to.service), "dịch vụ đó"];
  return `${data.ticket.number} đã chuyển đến ${place}, nhưng ${what} ${AWAY[data.warning]}.`;
}

function render() {
  showTrouble();
  const state = counter();
  const status = state?.status ?? "closed";
  text("hall-name", shown.get("setting")?.hall.name ?? "");
  text("counter-name", mine()?.name ?? `Quầy ${me}`);
  document.title = `${state?.ticket ? `${state.ticket.number} – ` : ""}${mine()?.name ?? "Gọi số"}`;
  text("counter-state", state ? STATUS[status] : "…");
  byId("counter-state").dataset.status = status;
  byId("card").dataset.status = status;
  text("status", state ? STATUS[status] : "Đang nối…");
  text("number", state?.ticket?.number ?? (status === "open" ? "–" : status === "paused" ? "Tạm nghỉ" : status === "closed" ? "Đóng" : "–"));
  byId("number").classList.toggle("words", !state?.ticket);
  text("service", state?.ticket ? serviceName(state.ticket.service) : "");
  text("facts", facts(state));
  buttons(status);
  text("hint-undo", undoLeft() ? `còn ${undoLeft()} giây` : "");
  queue();
  leaveDialog(state);
}

/** A dialog about a person who is no longer here says so and goes. */
function leaveDialog(state) {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog || dialog.dataset.ticket === undefined || dialog.dataset.ticket === (state?.ticket?.id ?? "")) return;
  dialog.close("cancel");
  toast(`Số ${dialog.querySelector(".dialog-number").textContent} không còn ở quầy này.`, "bad");
}

function facts(state) {
  if (!state?.ticket) return "";
  const parts = [`Lấy số lúc ${clockText(Date.parse(state.ticket.issued_at))}`];
  if (state.ticket.priority) parts.unshift("Ưu tiên");
  if (state.called_at) parts.push(minutesSince(state.called_at) ? `gọi ${minutesSince(state.called_at)} phút trước` : "vừa gọi");
  if (state.recalls > 0) parts.push(`đã gọi lại ${state.recalls} lần`);
  return parts.join(" · ");
}

function buttons(status) {
  for (const button of document.querySelectorAll("button[data-key]")) {
    const verb = button.dataset.verb ?? button.dataset.dialog;
    button.disabled = busy !== null || !fits(button, status) || trouble() !== null || (verb === "undo" && undoLeft() === 0);
    button.classList.toggle("busy", busy === verb);
  }
}

/** Whether what a button does is offered to a counter in this state. */
const fits = (button, status) => button.dataset.when.split(" ").includes(status);

/** For how many more seconds the last act at this counter can be taken back. */
function undoLeft() {
  const until = counter()?.undo_until;
  return until ? Math.min(10, Math.max(0, Math.ceil((Date.parse(until) - hallNow()) / 1000))) : 0;
}

function queue() {
  const setting = mine();
  if (setting === null) return;
  const services = [...setting.serves, ...setting.helps.filter((id) => !setting.serves.includes(id))];
  const board = shown.get("board");
  const rows = services.map((id) => {
    const state = shown.get(`service/${id}`);
    const line = board?.waiting.find((each) => each.service === id);
    return { id, helps: !setting.serves.includes(id), waiting: state?.waiting ?? line?.count ?? 0, next: line?.next ?? [], wait: state?.wait_min ?? null };
  });
  const sent = counter()?.sent ?? { count: 0, next: [] };
  if (sent.count > 0) rows.unshift({ id: null, name: "Được chuyển đến quầy này", helps: false, waiting: sent.count, next: sent.next, wait: null });
  const total = rows.reduce((sum, row) => sum + row.waiting, 0);
  text("waiting-total", String(total));
  text("hint-call-next", total === 0 ? "chưa có ai chờ" : `${total} người đang chờ`);
  fill(byId("waiting"), rows, () => rows.map(waitingRow));
  const aside = (shown.get("aside") ?? []).filter((each) => each.counter === me || services.includes(each.service)).slice(-12);
  // A number of the list is called by one touch: not over somebody who is on the way here.
  const locked = busy !== null || trouble() !== null || !fits(document.querySelector("button[data-dialog='call-ticket']"), counter()?.status ?? "closed");
  fill(byId("aside"), [aside, locked], () => (aside.length ? aside.map((each) => asideChip(each, locked)) : [el("span", { class: "none" }, "Chưa có")]));
  const recent = (board?.recent ?? []).slice(0, 6);
  fill(byId("recent"), recent, () => recent.map((each) => el("li", {}, el("b", {}, each.number), ` → ${counterName(each.counter)}`, el("span", {}, clockText(Date.parse(each.at))))));
}

function waitingRow(row) {
  const wait = row.name ? "" : row.wait ? `đợi ${row.wait[0]}–${row.wait[1]} phút` : "chưa ước tính";
  return el("li", { class: row.waiting ? "" : "empty" },
    el("div", { class: "line" }, el("span", { class: "service" }, row.name ?? serviceName(row.id), row.helps ? el("em", {}, " (giúp)") : null), el("b", { class: "count" }, String(row.waiting))),
    row.waiting === 0 ? null : el("div", { class: "line" }, el("span", { class: "numbers" }, ...row.next.map((number) => el("i", {}, number))), el("span", { class: "muted" }, wait)));
}

function asideChip(each, locked) {
  const why = each.why === "parked" ? "tạm gác" : "vắng";
  return el("button", { class: "chip", title: "Gọi lại số này", disabled: locked, onclick: () => press("call-ticket", { ticket: each.ticket }) }, el("b", {}, each.number), ` ${why}`);
}

function openDialog(id) {
  const dialog = byId(id);
  const ticket = counter()?.ticket ?? null;
  for (const span of dialog.querySelectorAll(".dialog-number")) { span.textContent = ticket?.number ?? ""; dialog.dataset.ticket = ticket?.id ?? ""; }
  opened = asSeen(me, ticket?.id ?? null);
  if (id === "transfer") fillPlaces();
  dialog.querySelector("form").reset();
  dialog.returnValue = "cancel";
  dialog.showModal();
}

function fillPlaces() {
  const setting = shown.get("setting");
  const option = (value, label) => el("label", {}, el("input", { type: "radio", name: "to", value, required: true }), el("span", {}, label));
  fill(byId("transfer-to"), setting, () => [
    el("legend", {}, "Đến đâu?"),
    ...setting.services.map((each) => option(`service:${each.id}`, each.name)),
    ...setting.counters.filter((each) => each.id !== me).map((each) => option(`counter:${each.id}`, each.name)),
  ]);
}

const DONE = {
  transfer(form) {
    const [kind, id] = split(form.get("to"));
    press("transfer", { to: { [kind]: id }, position: form.get("position") }, opened);
  },
  park(form) {
    press("park", form.get("minutes") ? { minutes: Number(form.get("minutes")) } : {}, opened);
  },
  "call-ticket"(form) {
    press("call-ticket", { number: String(form.get("number")).trim().toUpperCase() }, opened);
  },
};
const split = (text) => [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];

staffField(byId("staff"));
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "ok") DONE[dialog.id](new FormData(dialog.querySelector("form")));
  });
}
for (const button of document.querySelectorAll("button[data-verb]")) button.addEventListener("click", () => press(button.dataset.verb));
for (const button of document.querySelectorAll("button[data-dialog]")) button.addEventListener("click", () => openDialog(button.dataset.dialog));
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.repeat || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  // The key's place, not its letter: a Vietnamese input method would change the letter.
  const button = document.querySelector(`button[data-key="${event.code.replace("Key", "")}"]`);
  if (button && !button.disabled) { event.preventDefault(); button.click(); }
});

watch(render);
