// A person stops new tickets, of a service or of the hall; the question says what will happen.

import { act, byId, clockText, el, fill, hallNow, showTrouble, shown, staffField, text, toast, trouble, watch, zone } from "/static/live.js";

let wanted = null;

const people = (count) => (count ? `${count} người đang chờ vẫn được gọi.` : "Hiện không có ai đang chờ.");

function ask(title, consequences, yes, order) {
  if (!byId("staff").reportValidity()) return;
  wanted = order;
  text("sure-title", title);
  text("sure-yes", yes);
  byId("sure-what").replaceChildren(...consequences.map((each) => el("li", {}, each)));
  byId("sure").returnValue = "cancel";
  byId("sure").showModal();
}

function askService(service, stops) {
  const waiting = shown.get(`service/${service.id}`)?.waiting ?? 0;
  if (stops) ask(`Ngừng cấp số “${service.name}”?`, ["Từ bây giờ đến hết hôm nay, hoặc đến khi bấm Cấp số lại, không ai lấy được số của dịch vụ này.", people(waiting), "Người đã hẹn hôm nay vẫn lấy được số."], "Ngừng cấp số", ["service-close", { service: service.id }]);
  else ask(`Cấp số lại “${service.name}”?`, ["Người dân lấy được số của dịch vụ này ngay."], "Cấp số lại", ["service-open", { service: service.id }]);
}

// No hall works before this hour; until then the hall's day is still yesterday's.
const NIGHT_MS = 5 * 3600 * 1000;

/** The hall's day. It turns with the first act: who stops the hall before anybody has pressed means today. */
function day() {
  const date = new Intl.DateTimeFormat("sv", { timeZone: zone(), dateStyle: "short" }).format(hallNow() - NIGHT_MS);
  const told = shown.get("hall").day;
  return date > told ? date : told;
}

/** A time of the hall's day, as ISO 8601 with the hall's offset. */
function today(time) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone(), timeZoneName: "longOffset" }).formatToParts(hallNow());
  const offset = parts.find((each) => each.type === "timeZoneName").value.replace("GMT", "");
  return `${day()}T${time}:00${offset || "+00:00"}`;
}

function askClose() {
  if (!byId("at").reportValidity()) return;
  const at = byId("at").value;
  const notice = byId("notice").value.trim();
  ask(`Ngừng cấp số cả hội trường từ ${at}?`, [
    `Từ ${at} hôm nay đến lần mở cửa kế tiếp không ai lấy được số, kể cả người đã hẹn.`,
    people(shown.get("hall")?.waiting ?? 0),
    notice ? `Kiosk và bảng hiện ngay: “${notice}”.` : "Kiosk và bảng không hiện lời báo nào.",
    "Bỏ được lệnh này ở trang này.",
  ], "Ngừng cấp số", ["hall-close", notice ? { at: today(at), notice } : { at: today(at) }]);
}

function askOpen() {
  ask("Bỏ lệnh ngừng cấp số?", ["Người dân lấy được số như giờ làm việc.", "Lời báo trên kiosk và bảng biến mất."], "Bỏ lệnh", ["hall-close", { at: today("23:59") }]);
}

async function send([verb, body]) {
  const reply = await act(`/api/hall/${verb}`, body);
  if (reply.status === "ok") toast("Đã thực hiện.", "good");
  else toast(reply.error?.text ?? "Không thực hiện được.", "bad");
}

function render() {
  showTrouble();
  const setting = shown.get("setting");
  const hall = shown.get("hall");
  if (!setting) return;
  const locked = trouble() !== null;
  text("hall-name", setting.hall.name);
  text("hall-state", hall ? `${hall.waiting} người đang chờ` : "…");
  text("order", hall ? order(hall) : "");
  byId("close-hall").disabled = byId("open-hall").disabled = locked;
  const rows = setting.services.map((each) => [each, shown.get(`service/${each.id}`) ?? null]);
  fill(byId("services"), [rows, locked], () => rows.map(([service, state]) => row(service, state, locked)));
}

function order(hall) {
  if (hall.closed_by === "order") return `Đang ngừng cấp số theo lệnh${hall.opens_next ? `, cấp lại lúc ${clockText(Date.parse(hall.opens_next))}` : ""}.`;
  if (!hall.open) return "Ngoài giờ làm việc.";
  return hall.notice ? `Đã báo trước: “${hall.notice}”` : "Đang cấp số theo giờ làm việc.";
}

function row(service, state, locked) {
  const told = !state ? "…" : state.open ? "đang cấp số" : "không cấp số";
  const button = (label, stops) => el("button", { class: "small", "data-service": service.id, "data-stops": String(stops), disabled: locked || !state, onclick: () => askService(service, stops) }, label);
  return el("li", {}, el("b", {}, service.name), el("span", { class: "muted" }, `${told} · ${state?.waiting ?? 0} đang chờ`), button("Ngừng cấp số…", true), button("Cấp số lại…", false));
}

staffField(byId("staff"));
byId("close-hall").addEventListener("click", askClose);
byId("open-hall").addEventListener("click", askOpen);
byId("sure").addEventListener("close", () => {
  if (byId("sure").returnValue === "ok" && wanted) send(wanted);
  wanted = null;
});
watch(render);
