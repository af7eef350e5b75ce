// Việc: what the head of the hall does herself; each question says what will happen, each act is signed.

import { act, clockText, el, hallNow, serviceName, shown, staff, staffField, text, toast, trouble, zone } from "/static/live.js";
import { ago, hallDay, html, redraw } from "/static/head-view.js";

const people = (count) => (count ? `${count} người đang chờ vẫn được gọi.` : "Hiện không có ai đang chờ.");
const view = { at: "", notice: "", words: "", found: "" };
const set = (change) => { Object.assign(view, change); redraw(); };

let wanted = null;
const sure = document.getElementById("sure");
sure.addEventListener("close", () => { if (sure.returnValue === "ok" && wanted) wanted(); wanted = null; });

/** Ask before doing; Enter does it, Esc leaves it. */
function ask(title, consequences, yes, path, body) {
  const typed = document.getElementById("staff");
  if (typed && !staff()) { toast("Ghi ký hiệu cán bộ trước, để nhật ký biết ai làm.", "bad"); typed.focus(); return; }
  wanted = () => send(path, body);
  text("sure-title", title); text("sure-yes", yes);
  document.getElementById("sure-what").replaceChildren(...consequences.map((each) => { const line = document.createElement("li"); line.textContent = each; return line; }));
  sure.returnValue = "cancel"; sure.showModal(); document.getElementById("sure-yes").focus();
}

async function send(path, body) {
  const reply = await act(path, staff() ? { ...body, staff: staff() } : body);
  if (reply.status === "ok") toast("Đã thực hiện.", "good"); else toast(reply.error?.text ?? "Không thực hiện được.", "bad");
}

export function Deeds() {
  const locked = trouble() !== null;
  return html`<div class="pages deeds"><header class="page-head"><h1>Việc của trưởng bộ phận</h1><${Signed} /></header>
    <${ServicesPart} locked=${locked} /><${HallPart} locked=${locked} /><${TicketsPart} locked=${locked} /><${DevicesPart} locked=${locked} /></div>`;
}

/** Whose act it is: a mark to type, or who has signed in; the place is live.js's own. */
const Signed = () => html`<div class="signed" ref=${(place) => {
  if (!place || place.firstChild) return;
  const field = el("input", { id: "staff", size: 12, maxlength: 32, pattern: "[A-Za-z0-9._\\-]{1,32}", autocomplete: "off" });
  place.append(el("label", {}, "Ký hiệu cán bộ ", field));
  staffField(field);
}}></div>`;

function ServicesPart({ locked }) {
  return html`<section class="card"><h2>Từng dịch vụ</h2><ul class="services">${shown.get("setting").services.map((service) => {
    const state = shown.get(`service/${service.id}`);
    const stop = () => ask(`Ngừng cấp số “${service.name}”?`, ["Từ bây giờ đến hết hôm nay, hoặc đến khi bấm Cấp số lại, không ai lấy được số của dịch vụ này.", people(state?.waiting ?? 0), "Người đã hẹn hôm nay vẫn lấy được số."], "Ngừng cấp số", "/api/hall/service-close", { service: service.id });
    const open = () => ask(`Cấp số lại “${service.name}”?`, ["Người dân lấy được số của dịch vụ này ngay."], "Cấp số lại", "/api/hall/service-open", { service: service.id });
    return html`<li key=${service.id}><b>${service.name}</b><span class="muted">${state ? (state.open ? "đang cấp số" : "không cấp số") : "…"} · ${state?.waiting ?? 0} đang chờ</span><button class="small" data-service=${service.id} data-stops="true" disabled=${locked || !state} onClick=${stop}>Ngừng cấp số…</button><button class="small" data-service=${service.id} data-stops="false" disabled=${locked || !state} onClick=${open}>Cấp số lại…</button></li>`;
  })}</ul></section>`;
}

/** A time of the hall's day, as ISO 8601 with the hall's offset. */
function today(time) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone(), timeZoneName: "longOffset" }).formatToParts(hallNow());
  const offset = parts.find((each) => each.type === "timeZoneName").value.replace("GMT", "");
  return `${hallDay()}T${time}:00${offset || "+00:00"}`;
}

function order(hall) {
  if (!hall) return "…";
  if (hall.closed_by === "order") return `Đang ngừng cấp số theo lệnh${hall.opens_next ? `, cấp lại lúc ${clockText(Date.parse(hall.opens_next))}` : ""}.`;
  if (!hall.open) return "Ngoài giờ làm việc.";
  return hall.notice ? `Đã báo trước: “${hall.notice}”` : "Đang cấp số theo giờ làm việc.";
}

function HallPart({ locked }) {
  const hall = shown.get("hall");
  const close = () => {
    if (!view.at) { toast("Chọn giờ ngừng trước.", "bad"); return; }
    const notice = view.notice.trim();
    ask(`Ngừng cấp số cả hội trường từ ${view.at}?`, [`Từ ${view.at} hôm nay đến lần mở cửa kế tiếp không ai lấy được số, kể cả người đã hẹn.`, people(hall?.waiting ?? 0), notice ? `Kiosk và bảng hiện ngay: “${notice}”.` : "Kiosk và bảng không hiện lời báo nào.", "Bỏ được lệnh này ở trang này."], "Ngừng cấp số", "/api/hall/hall-close", notice ? { at: today(view.at), notice } : { at: today(view.at) });
  };
  const open = () => ask("Bỏ lệnh ngừng cấp số?", ["Người dân lấy được số như giờ làm việc.", "Lời báo trên kiosk và bảng biến mất."], "Bỏ lệnh", "/api/hall/hall-close", { at: today("23:59") });
  return html`<section class="card"><h2>Ngừng sớm cả hội trường</h2><p class="order">${order(hall)}</p>
    <div class="row"><label>Ngừng từ <input id="at" type="time" value=${view.at} onInput=${(event) => set({ at: event.target.value })} /></label><label class="grow">Lời báo trên kiosk và bảng <input id="notice" maxlength="200" autocomplete="off" placeholder="Hôm nay ngừng cấp số từ 15:00" value=${view.notice} onInput=${(event) => set({ notice: event.target.value })} /></label></div>
    <div class="row"><button id="close-hall" class="small" disabled=${locked} onClick=${close}>Ngừng cấp số…</button><button id="open-hall" class="small" disabled=${locked} onClick=${open}>Bỏ lệnh ngừng…</button></div></section>`;
}

function TicketsPart({ locked }) {
  const told = shown.get("head/watch");
  const found = (told?.people ?? []).filter((each) => each.number.includes(view.found.toUpperCase()));
  const cancel = (each) => ask(`Huỷ số ${each.number}?`, ["Số này không được gọi nữa và không cấp lại hôm nay.", `Người ấy đã chờ ${ago(each.since)} phút; còn muốn làm việc thì phải lấy số mới.`], "Huỷ số", "/api/hall/cancel", { ticket: each.ticket });
  const reprint = (each) => printers().forEach((printer) => ask(`In lại phiếu ${each.number}?`, [`Máy ${printer} in lại phiếu, có chữ IN LẠI.`, "Số và chỗ trong hàng giữ nguyên."], "In lại", `/api/head/device/${printer}/reprint`, { ticket: each.ticket }));
  return html`<section class="card"><h2>Số đang chờ <input size="6" aria-label="Tìm số" placeholder="tìm số" value=${view.found} onInput=${(event) => set({ found: event.target.value.trim() })} /></h2>
    ${told?.known ? html`<ul class="services tickets">${found.slice(0, 60).map((each) => html`<li key=${each.ticket}><b>${each.number}</b><span class="muted">${serviceName(each.service)} · chờ ${ago(each.since)} phút</span><button class="small" disabled=${locked || !printers().length} onClick=${() => reprint(each)}>In lại…</button><button class="small bad" data-ticket=${each.ticket} disabled=${locked} onClick=${() => cancel(each)}>Huỷ…</button></li>`)}</ul>${found.length === 0 && html`<p class="none">Không có số nào đang chờ.</p>`}` : html`<p class="none">Đang đọc hàng chờ…</p>`}</section>`;
}

const devices = (kinds) => [...shown.keys()].filter((key) => key.startsWith("dev-status/")).map((key) => key.split("/")[1]).filter((name) => kinds.some((kind) => name === kind || name.startsWith(`${kind}-`))).sort();
const printers = () => devices(["printer"]).slice(0, 1);

function DevicesPart({ locked }) {
  const test = (name, verb, title, what) => ask(title, [what], "Làm", `/api/head/device/${name}/${verb}`, {});
  const say = () => ask("Đọc lên loa?", [`Loa đọc ngay: “${view.words.trim()}”.`, "Lời đang đọc được đọc xong trước."], "Đọc", "/api/head/device/voice/say", { text: view.words.trim() });
  return html`<section class="card"><h2>Thử thiết bị, nói với hội trường</h2><ul class="services">${devices(["printer", "display", "board", "bridge", "voice"]).map((name) => {
    const state = shown.get(`dev-status/${name}`)?.state;
    return html`<li key=${name}><b>${name}</b><span class="muted">${state === "ready" ? "bình thường" : state === "lost" || state === "disconnected" ? "không nối" : "có lỗi"}</span>${name.startsWith("printer") ? html`<button class="small" data-device=${name} disabled=${locked} onClick=${() => test(name, "test-print", `In thử ở ${name}?`, "Máy in một trang thử, không mất số nào.")}>In thử…</button>` : html`<span></span>`}<button class="small" disabled=${locked} onClick=${() => test(name, "identify", `Cho ${name} tự nhận?`, "Máy hiện hoặc đọc tên của nó trong vài giây.")}>Tự nhận…</button></li>`;
  })}</ul>
  ${devices(["voice"]).length ? html`<div class="row"><label class="grow">Lời đọc lên loa <input id="words" maxlength="200" autocomplete="off" value=${view.words} onInput=${(event) => set({ words: event.target.value })} /></label><button id="say" class="small" disabled=${locked || !view.words.trim()} onClick=${say}>Đọc…</button></div>` : html`<p class="none">Hội trường này không có loa nối với máy.</p>`}</section>`;
}
