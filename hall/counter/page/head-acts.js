// Ai làm gì: the journal's lines of a day with who of the staff, why and from which machine.

import { clockText, counterName, serviceName, shown } from "/static/live.js";
import { Answer, Nothing, dayFromToday, dayText, html, redraw } from "/static/head-view.js";

const answer = new Answer(15_000);
const view = { day: null, staff: "", counter: "", number: "", type: "", before: [] };
const set = (change) => { Object.assign(view, { before: [] }, change); redraw(); };
const HOW = { served: "đã phục vụ", left_open: "chưa kết thúc lúc hết ngày", unclear: "chưa rõ" };
const CAUSE = { next: "do gọi tiếp", day: "hết ngày", call: "do gọi số" };
const SAY = { "test-print": "in thử", reprint: "in lại", identify: "cho máy tự nhận", say: "đọc loa", "clerk-added": "thêm cán bộ", "pin-handed-out": "giao mã PIN mới", "pin-chosen": "tự chọn mã PIN", "clerk-removed": "bỏ cán bộ", "code-made": "tạo mã ghép", "browser-paired": "ghép máy", "browser-revoked": "thu hồi máy" };

export function Who() {
  view.day ??= dayFromToday(0);
  const asked = new URLSearchParams({ day: view.day, staff: view.staff, counter: view.counter, number: view.number, type: view.type });
  if (view.before.length) asked.set("before", view.before.at(-1));
  const told = answer.of(`/api/head/acts?${asked}`);
  return html`<div class="pages"><header class="page-head"><h1>Ai làm gì</h1></header><${Wanted} days=${told?.days ?? []} />
    ${told ? html`<${Acts} told=${told} />` : html`<${Nothing} answer=${answer} empty="Chưa có dòng nào." />`}</div>`;
}

function Wanted({ days }) {
  const setting = shown.get("setting");
  const options = days.includes(view.day) ? days : [view.day, ...days];
  const choice = (label, key, values) => html`<label>${label} <select value=${view[key]} onChange=${(event) => set({ [key]: event.target.value })}>${values.map(([value, name]) => html`<option key=${value} value=${value}>${name}</option>`)}</select></label>`;
  const word = (label, key, size) => html`<label>${label} <input size=${size} maxlength="32" value=${view[key]} autocomplete="off" onChange=${(event) => set({ [key]: event.target.value.trim() })} /></label>`;
  return html`<section class="card ranges"><div class="row">${choice("Ngày", "day", options.map((day) => [day, dayText(day)]))}${word("Cán bộ", "staff", 10)}${choice("Quầy", "counter", [["", "mọi quầy"], ...setting.counters.map((each) => [each.id, each.name])])}
    ${word("Số", "number", 6)}${choice("Việc", "type", [["", "mọi việc"], ...Object.entries(setting.events)])}</div></section>`;
}

function Acts({ told }) {
  const whole = !view.before.length && !view.counter && !view.number && !view.type;
  const deeds = whole ? told.deeds.filter((deed) => !view.staff || deed.staff === view.staff) : [];
  const acts = [...told.acts, ...deeds.map((deed, index) => ({ counter: "", service: "", ...deed, seq: `deed-${index}` }))].sort((one, two) => two.at - one.at);
  if (!acts.length) return html`<p class="card none">Không có dòng nào như thế.</p>`;
  return html`<section class="card"><div class="wide" tabindex="0"><table class="figures acts"><thead><tr>${["Lúc", "Việc", "Số", "Quầy, dịch vụ", "Cán bộ", "Từ máy", "Chi tiết"].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${acts.map((act) => html`<tr key=${act.seq}><td>${clockText(act.at)}</td><td>${shown.get("setting").events[act.type] ?? SAY[act.type] ?? act.type}</td><td>${act.number}</td><td>${[act.counter && counterName(act.counter), act.service && serviceName(act.service)].filter(Boolean).join(" · ")}</td><td>${act.staff ? html`<b>${act.staff}</b>` : html`<span class="muted">không ghi</span>`}</td><td>${act.client}</td><td>${detail(act)}</td></tr>`)}</tbody></table></div>
    <div class="row">${view.before.length > 0 && html`<button class="small" onClick=${() => set({ before: view.before.slice(0, -1) })}>← Mới hơn</button>`}${told.more && html`<button class="small" onClick=${() => set({ before: [...view.before, told.acts.at(-1).seq] })}>Cũ hơn →</button>`}</div></section>
    <p class="note">“Không ghi”: việc không kèm ký hiệu cán bộ (bàn phím, máy lấy số, kiosk, phần mềm một cửa).</p>`;
}

const detail = (act) => [act.about, act.how && HOW[act.how], act.score && `${act.score} điểm`, act.cause && act.cause !== String(act.score) && (CAUSE[act.cause] ?? shown.get("setting").events[act.cause] ?? act.cause)].filter(Boolean).join(", ");
