// The whole simulated hall on one screen: press, print, call, see. For demo and training.

import { act, asSeen, broughtBy, byId, clockText, counterName, el, fill, isDouble, serviceName, showTrouble, shown, text, toast, watch } from "/static/live.js";
import { STATUS } from "/static/words.js";

const calls = new Map();

const devices = (kind) => [...shown.keys()].filter((key) => key.startsWith(`dev-status/${kind}-`)).map((key) => key.split("/")[1]).sort();

async function say(promise, done) {
  const reply = await promise;
  if (reply.status === "ok") { const word = done?.(reply); if (word) toast(word, "good"); } else toast(reply.error?.text ?? "Không thực hiện được.", "bad");
}
const simulate = (target, action, args = {}) => say(act(`/api/device/${target}/simulate`, { action, args }));

function pushButton(service) {
  const printer = devices("printer")[0];
  if (!printer) { toast("Không có máy in nào trên mạng.", "bad"); return; }
  const priority = byId("priority").checked ? shown.get("setting").priorities[0]?.id : null;
  byId("priority").checked = false;
  simulate(printer, "press", priority ? { service, priority } : { service });
}

function render() {
  showTrouble();
  const setting = shown.get("setting");
  if (!setting) return;
  const hall = shown.get("hall");
  text("hall-name", setting.hall.name);
  text("hall-facts", hall ? `${hall.waiting} đang chờ · ${hall.served_today} đã phục vụ` : "…");
  fill(byId("pushes"), setting.services, () => setting.services.map(push));
  byId("priority").parentElement.hidden = setting.priorities.length === 0;
  printers();
  papers();
  screens();
  fill(byId("counters"), countersKey(setting), () => setting.counters.map(desk));
  blink();
  alerts();
  onestop();
  const feed = shown.get("feed") ?? [];
  fill(byId("feed"), feed, () => feed.map(feedLine));
}

const push = (service) => el("button", { class: "push", onclick: () => pushButton(service.id) }, el("b", {}, service.prefix || "•"), service.name);

function printers() {
  const names = devices("printer");
  const states = names.map((name) => [name, shown.get(`dev-status/${name}`)?.alerts ?? []]);
  fill(byId("printers"), states, () => states.map(([name, faults]) => el("div", { class: "row" },
    el("button", { class: `small ${faults.includes("paper_out") ? "on" : ""}`, onclick: () => simulate(name, "paper-out") }, "Hết giấy"),
    el("button", { class: "small", onclick: () => simulate(name, "paper-in") }, "Nạp giấy"),
    el("button", { class: `small ${faults.includes("cover_open") ? "on" : ""}`, onclick: () => simulate(name, faults.includes("cover_open") ? "cover-close" : "cover-open") }, faults.includes("cover_open") ? "Đóng nắp" : "Mở nắp"))));
}

function papers() {
  const tickets = (shown.get("pictures")?.tickets ?? []).slice(0, 7);
  fill(byId("papers"), tickets, () => (tickets.length ? tickets.map(paper) : [el("p", { class: "none" }, "Bấm một nút để lấy số.")]));
}
const source = (name, version) => `/pictures/${name.split("/").map(encodeURIComponent).join("/")}?v=${version}`;
const paper = (ticket) => el("a", { href: source(`tickets/${ticket.name}`, ticket.version), target: "_blank", rel: "noopener" }, el("img", { src: source(`tickets/${ticket.name}`, ticket.version), alt: `Phiếu ${ticket.name.replace(".png", "")}` }));

function screens() {
  const known = shown.get("pictures")?.screens ?? {};
  picture(byId("board"), "board", known.board, "Bảng chính chưa chạy", null);
  const kiosks = Object.keys(known).filter((name) => /^kiosk-\d+$/.test(name));
  const frame = byId("kiosks");
  for (const name of kiosks.length ? kiosks : ["kiosk-1"]) {
    let node = document.getElementById(`screen-${name}`);
    if (!node) { node = el("div", { id: `screen-${name}`, class: "screen" }); frame.append(node); }
    picture(node, name, known[name], "Kiosk chưa chạy", touch);
  }
}

/** Change the picture only when the new one is there: no flicker. */
function picture(node, name, version, missing, onclick) {
  if (version === undefined) { fill(node, ["missing", name], () => [el("div", { class: "blank" }, missing)]); return; }
  let image = node.querySelector("img");
  if (!image) {
    image = el("img", { alt: `Màn hình ${name}`, "data-name": name });
    if (onclick) image.addEventListener("click", onclick);
    delete node.dataset.key;
    node.replaceChildren(image);
  }
  if (image.dataset.version === String(version)) return;
  image.dataset.version = String(version);
  const next = new Image();
  next.onload = () => { if (image.dataset.version === String(version)) image.src = next.src; };
  next.src = source(`${name}.png`, version);
}

/** A touch on the picture is a touch on the glass: in parts of its width and height. */
function touch(event) {
  const image = event.currentTarget;
  const box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
  const part = (at, start, length, shownLength) => (at - start - (length - shownLength) / 2) / shownLength;
  const x = part(event.clientX, box.left, box.width, image.naturalWidth * scale);
  const y = part(event.clientY, box.top, box.height, image.naturalHeight * scale);
  if (x >= 0 && x <= 1 && y >= 0 && y <= 1) simulate(image.dataset.name, "touch", { x, y });
}

const countersKey = (setting) => [devices("bridge")[0] ?? null, ...setting.counters.map((each) => [each.id, shown.get(`counter/${each.id}`), shown.get(`face/${each.id}`)])];

function desk(each) {
  const state = shown.get(`counter/${each.id}`);
  const face = shown.get(`face/${each.id}`);
  const status = state?.status ?? "closed";
  const press = (verb) => () => {
    const path = `/api/counter/${encodeURIComponent(each.id)}/${verb}`;
    if (isDouble(path)) return;
    say(act(path, asSeen(each.id)), (reply) => broughtBy(each.id, reply) ?? (verb === "call-next" && reply.data?.ticket === null ? "Không còn ai chờ quầy này." : null));
  };
  const button = (verb, label, enabled, kind = "") => el("button", { class: `small ${kind}`, disabled: !enabled, onclick: press(verb) }, label);
  return el("article", { class: "card desk-card" },
    el("header", {}, el("b", {}, each.name), el("span", { class: "state", "data-status": status }, STATUS[status])),
    el("div", { class: "led", id: `led-${each.id}`, "data-style": face?.style ?? "off" }, face && face.style !== "off" ? face.text : " "),
    el("div", { class: "serves", title: each.serves.map(serviceName).join(", ") }, each.serves.map(serviceName).join(", ")),
    el("div", { class: "row" },
      button("call-next", "Gọi tiếp", true, "on"), button("recall", "Gọi lại", status === "called"),
      status === "called" ? button("start", "Bắt đầu", true) : button("finish", "Xong", status === "serving"),
      button("no-show", "Vắng", status === "called"),
      el("a", { class: "small", href: `/quay/${encodeURIComponent(each.id)}`, target: "_blank", rel: "noopener" }, "Trang gọi ↗")),
    keypad(each));
}

/** The simulated keypad at the counter: its press goes the way of a real one, through the bridge. */
function keypad(each) {
  const bridge = devices("bridge")[0];
  if (!bridge) return null;
  return el("div", { class: "keypad" }, "Bàn phím", ...shown.get("setting").keypad.map(([key, label]) => el("button", { title: label, "aria-label": `Bàn phím ${each.name}: ${label}`, onclick: () => simulate(bridge, "key", { counter: each.id, key }) }, key)));
}

/** A display blinks when its call changed while we looked on. */
function blink() {
  for (const each of shown.get("setting").counters) {
    const call = shown.get(`face/${each.id}`)?.call ?? null;
    const known = calls.get(each.id);
    calls.set(each.id, call);
    if (known !== undefined && known !== call && call !== null) byId(`led-${each.id}`)?.classList.add("blink");
  }
}

function alerts() {
  const found = [...shown.entries()].filter(([key]) => key.startsWith("dev-alert/")).map(([key, value]) => [key.split("/")[1], value.text, value.advice]);
  const lost = [...shown.entries()].filter(([key, value]) => key.startsWith("dev-status/") && value.state === "lost").map(([key]) => [key.split("/")[1], "Mất kết nối", "Kiểm tra điện, mạng và tiến trình của thiết bị này."]);
  const all = [...found, ...lost].sort();
  fill(byId("alerts"), all, () => (all.length ? all.map(([who, what, advice]) => el("li", {}, el("b", {}, `${who}: ${what}`), advice)) : [el("p", { class: "calm" }, "✓ Mọi thiết bị bình thường")]));
}

function onestop() {
  const status = shown.get("ext-status");
  text("onestop-state", status ? (status.state === "ready" ? "đang nối" : "mất kết nối") : "chưa có");
  fill(byId("onestop"), status?.state ?? null, () => [["down", "Ngắt"], ["up", "Nối lại"], ["slow", "Trả lời chậm"], ["fast", "Bình thường"], ["inconsistent", "Số liệu lệch"], ["consistent", "Số liệu đúng"]]
    .map(([action, label]) => el("button", { class: "small", onclick: () => simulate("onestop", action) }, label)));
}

/** Files of the one-stop side that wait for a person or were not wholly understood. */
async function imports() {
  if (!shown.get("setting")?.imports || shown.get("ext-status")?.state !== "ready") return;
  const reply = await act("/api/device/onestop/imports");
  const found = (reply.data?.imports ?? []).filter((each) => each.state !== "taken" || each.refused.length);
  fill(byId("imports"), found, () => found.map(importLine));
}
const IMPORT = { reading: "đang đọc", taken: "đã nhận một phần", held: "chờ xác nhận", refused: "không nhận" };
function importLine(each) {
  const why = [...each.reasons, ...each.refused.map((kind) => `${kind.kind}: ${kind.count}${kind.places[0] ? ` (${kind.places[0]})` : ""}`)];
  return el("li", {}, el("b", {}, `${each.file}: ${IMPORT[each.state]}${each.state === "reading" ? ` ${each.rows} dòng` : ""}`), why.join("; "),
    each.state === "held" ? el("button", { class: "small", onclick: () => say(act("/api/device/onestop/accept-import", { mark: each.mark }), () => { imports(); return "Đã nhận tệp."; }) }, "Đồng ý") : null);
}
setInterval(imports, 10_000);

function feedLine(each) {
  const where = each.counter ? ` – ${counterName(each.counter)}` : "";
  return el("li", {}, el("b", {}, each.number ?? "•"), `${shown.get("setting").events[each.type] ?? each.type}${where}`, el("time", {}, clockText(Date.parse(each.at))));
}

watch(render);
