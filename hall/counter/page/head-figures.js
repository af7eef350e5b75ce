// Hôm nay and Các tuần: the report's figures, by hour, service, counter, clerk; compared; how many counters are needed.

import { Answer, Bars, Lines, NONE, Nothing, WEEKDAYS, dayFromToday, dayText, html, minutes, number, ratingParts, redraw, share } from "/static/head-view.js";

// Dark words stay readable on it (4.5:1); on a deeper one no colour of words would be.
const DEEPEST = 0.66;
const of = (figures, part) => figures.lines.filter((line) => line.part === part);
const total = (figures) => of(figures, "total")[0];
const address = (first, last) => `/api/head/figures?from=${first}&to=${last}`;

// --- today ---------------------------------------------------------------------------------------

const today = new Answer(10_000);

export function Today() {
  const day = dayFromToday(0);
  const figures = today.of(address(day, day));
  if (!figures) return html`<${Nothing} answer=${today} empty="Chưa có số liệu." />`;
  return html`<div class="pages">
    <${Heading} title=${`Hôm nay, ${dayText(day)}`} first=${day} last=${day} />
    <${Reading} figures=${figures} />
    ${total(figures).issued === 0 ? html`<p class="card none">Hôm nay chưa ai lấy số.</p>` : html`<${Summary} line=${total(figures)} /><${Hours} figures=${figures} /><${Parts} figures=${figures} />`}
  </div>`;
}

function Heading({ title, first, last }) {
  const range = `?from=${first}&to=${last}`;
  return html`<header class="page-head"><h1>${title}</h1><a class="small" href=${`/api/head/report.csv${range}`} download>Tải CSV</a><a class="small" href=${`/api/head/report.xlsx${range}`} download>Tải Excel</a></header>`;
}

/** That some of the journal is still on its way, and from which day on figures are known. */
function Reading({ figures }) {
  if (!figures.reading) return null;
  return html`<p class="note" role="status">Đang đọc sổ cũ, từ ngày mới nhất trở về trước${figures.first_known ? `; đã có từ ${dayText(figures.first_known)}` : ""}. Số liệu của những ngày chưa đọc còn thiếu.</p>`;
}

function Summary({ line }) {
  const facts = [
    ["lấy số", number(line.issued), ""], ["được phục vụ", number(line.served), ""],
    ["vắng mặt", number(line.absent), share(line.absent, line.called)],
    ["chờ, một nửa số người dưới", minutes(line.wait_median_s), "phút:giây"], ["chờ, 9 trên 10 người dưới", minutes(line.wait_p90_s), "phút:giây"],
    ["phục vụ, giữa", minutes(line.serve_median_s), "phút:giây"], ["đánh giá", ...ratingParts(line)],
  ];
  return html`<section class="totals" aria-label="Tổng cộng">${facts.map(([name, value, more]) => html`<p class="card"><strong>${value}</strong><span>${name}</span><small class="muted">${more}</small></p>`)}</section>`;
}

function Hours({ figures }) {
  const cells = of(figures, "hour").map((line) => ({ label: `${Number(line.name)}h`, value: line.issued, told: `${line.title}: ${line.issued} người lấy số, chờ giữa ${minutes(line.wait_median_s)}` }));
  return html`<section class="card"><h2>Người lấy số theo giờ</h2><${Bars} cells=${cells} label="Người lấy số theo giờ" unit="người" /></section>`;
}

function Parts({ figures }) {
  const parts = [["service", "Theo dịch vụ"], ["counter", "Theo quầy"], ["staff", "Theo cán bộ (việc có ghi ký hiệu)"], ["hour", "Theo giờ"], ["question", "Câu hỏi đánh giá"], ["reason", "Lý do đánh giá"]];
  return html`${parts.map(([part, title]) => html`<${Lines} key=${part} title=${title} lines=${of(figures, part)} />`)}`;
}

// --- weeks ---------------------------------------------------------------------------------------

const weeks = new Answer(300_000);
const other = new Answer(300_000);
const need = new Answer(300_000);
const view = { first: null, last: null, otherFirst: "", otherLast: "", weekday: null, measure: "issued" };

function set(change) { Object.assign(view, change); redraw(); }
const ask = (days) => set({ first: dayFromToday(-days), last: dayFromToday(-1) });

export function Weeks() {
  view.first ??= dayFromToday(-56);
  view.last ??= dayFromToday(-1);
  view.weekday ??= (new Date(dayFromToday(1)).getUTCDay() + 6) % 7;
  const figures = weeks.of(address(view.first, view.last));
  return html`<div class="pages">
    <${Heading} title="Các tuần" first=${view.first} last=${view.last} />
    <${Range} />
    ${figures ? html`<${Reading} figures=${figures} /><${Found} figures=${figures} />` : html`<${Nothing} answer=${weeks} empty="Chưa có số liệu." />`}
    <${Staffing} />
  </div>`;
}

function Range() {
  const field = (label, key) => html`<label>${label} <input type="date" value=${view[key]} max=${dayFromToday(0)} onChange=${(event) => event.target.value && set({ [key]: event.target.value })} /></label>`;
  return html`<section class="card ranges"><div class="row">${[["4 tuần", 28], ["8 tuần", 56], ["26 tuần", 182]].map(([name, days]) => html`<button class=${`small ${view.first === dayFromToday(-days) && view.last === dayFromToday(-1) ? "on" : ""}`} onClick=${() => ask(days)}>${name}</button>`)}
    ${field("từ", "first")}${field("đến hết", "last")}</div>
    <div class="row">So với: ${field("từ", "otherFirst")}${field("đến hết", "otherLast")}${view.otherFirst && html`<button class="small" onClick=${() => set({ otherFirst: "", otherLast: "" })}>Bỏ so sánh</button>`}</div></section>`;
}

function Found({ figures }) {
  if (total(figures).issued === 0) return html`<p class="card none">Trong những ngày này không ai lấy số, hoặc sổ chưa đọc tới.</p>`;
  const days = of(figures, "day");
  const cells = days.map((line) => ({ label: line.title.slice(0, 5), value: line.issued, told: `${line.title}: ${line.issued} người, chờ giữa ${minutes(line.wait_median_s)}, 90 % ${minutes(line.wait_p90_s)}` }));
  const waits = days.map((line) => ({ label: line.title.slice(0, 5), value: line.wait_p90_s === null ? null : Math.round(line.wait_p90_s / 60), told: `${line.title}: 9 trên 10 người chờ dưới ${minutes(line.wait_p90_s)}` }));
  return html`<${Summary} line=${total(figures)} /><${Compared} figures=${figures} />
    <section class="card"><h2>Người lấy số theo ngày (${days.length} ngày)</h2><${Bars} cells=${cells} label="Người lấy số theo ngày" unit="người" /></section>
    <section class="card"><h2>Chờ theo ngày: 9 trên 10 người dưới … phút</h2><${Bars} cells=${waits} label="Chờ theo ngày" unit="phút" /></section>
    <${Heat} cells=${figures.cells} /><${Parts} figures=${figures} />`;
}

/** Two ranges side by side: per day where they may differ in length. */
function Compared({ figures }) {
  if (!view.otherFirst || !view.otherLast) return null;
  const against = other.of(address(view.otherFirst, view.otherLast));
  if (!against) return html`<${Nothing} answer=${other} empty="Chưa có số liệu để so." />`;
  const [one, two] = [total(figures), total(against)];
  const [n, m] = [figures, against].map((each) => of(each, "day").filter((line) => line.issued).length);
  const daily = (value, days) => (days ? Math.round((10 * value) / days) / 10 : null);
  const rows = [
    ["Ngày có người", n, m, number], ["Lấy số mỗi ngày", daily(one.issued, n), daily(two.issued, m), number], ["Được phục vụ mỗi ngày", daily(one.served, n), daily(two.served, m), number],
    ["Vắng mặt mỗi ngày", daily(one.absent, n), daily(two.absent, m), number], ["Chờ, giữa", one.wait_median_s, two.wait_median_s, minutes], ["Chờ, 90 %", one.wait_p90_s, two.wait_p90_s, minutes],
    ["Phục vụ, giữa", one.serve_median_s, two.serve_median_s, minutes],
  ];
  const change = (a, b, told) => (a === null || b === null ? NONE : a === b ? "như nhau" : `${a > b ? "+" : "−"}${told(Math.abs(Math.round(10 * (a - b)) / 10))}`);
  return html`<section class="card"><h2>So sánh</h2><div class="wide" tabindex="0"><table class="figures compared"><thead><tr><td></td><th scope="col">${dayText(view.first)} – ${dayText(view.last)}</th><th scope="col">${dayText(view.otherFirst)} – ${dayText(view.otherLast)}</th><th scope="col">hơn kém</th></tr></thead>
    <tbody>${rows.map(([name, a, b, told]) => html`<tr key=${name}><th scope="row">${name}</th><td>${told(a)}</td><td>${told(b)}</td><td>${change(a, b, told)}</td></tr>`)}</tbody></table></div></section>`;
}

const MEASURES = {
  issued: ["Người mỗi ngày", (cell) => (cell.days ? cell.issued / cell.days : null), (value) => (value >= 10 ? Math.round(value) : Math.round(10 * value) / 10).toLocaleString("vi-VN")],
  wait: ["Chờ giữa (phút)", (cell) => (cell.wait_median_s === null ? null : cell.wait_median_s / 60), (value) => Math.round(value).toLocaleString("vi-VN")],
};

/** Weekday by hour: the darker, the more. The figure stands in each cell. */
function Heat({ cells }) {
  const [, worth, told] = MEASURES[view.measure];
  const hours = [...new Set(cells.map((cell) => cell.hour))].sort();
  const days = WEEKDAYS.map((name, day) => [name, day]).filter(([, day]) => cells.some((cell) => cell.weekday === day));
  const most = Math.max(...cells.map((cell) => worth(cell) ?? 0), 0.001);
  const at = (day, hour) => cells.find((cell) => cell.weekday === day && cell.hour === hour);
  return html`<section class="card"><h2>Theo thứ và giờ <span class="row">${Object.entries(MEASURES).map(([key, [name]]) => html`<button class=${`small ${view.measure === key ? "on" : ""}`} aria-pressed=${view.measure === key} onClick=${() => set({ measure: key })}>${name}</button>`)}</span></h2>
    <div class="wide" tabindex="0"><table class="heat"><thead><tr><td></td>${hours.map((hour) => html`<th scope="col">${Number(hour)}h</th>`)}</tr></thead><tbody>${days.map(([name, day]) => html`<tr key=${name}><th scope="row">${name}</th>${hours.map((hour) => {
      const cell = at(day, hour);
      const value = cell ? worth(cell) : null;
      const part = value === null ? 0 : value / most;
      return html`<td style=${{ backgroundColor: `rgba(11, 92, 173, ${(DEEPEST * part).toFixed(3)})` }} title=${cell ? `${name} ${Number(hour)} giờ: ${cell.issued} người trong ${cell.days} ngày, chờ giữa ${minutes(cell.wait_median_s)}` : ""}>${value === null ? "" : told(value)}</td>`;
    })}</tr>`)}</tbody></table></div><p class="note">Người lấy số tính theo giờ lấy; chờ tính theo giờ được gọi.</p></section>`;
}

function Staffing() {
  const told = need.of(`/api/head/staffing?weekday=${view.weekday}`);
  return html`<section class="card"><h2>Cần mấy quầy <select aria-label="Thứ" value=${String(view.weekday)} onChange=${(event) => set({ weekday: Number(event.target.value) })}>${WEEKDAYS.map((name, day) => html`<option value=${String(day)}>${name}</option>`)}</select></h2>
    ${told ? html`<${Needs} told=${told} />` : html`<${Nothing} answer=${need} empty="Chưa có số liệu." />`}</section>`;
}

function Needs({ told }) {
  if (!told.hours) return html`<p class="none">Chưa đủ số liệu: cần ít nhất ${told.least} ${WEEKDAYS[told.weekday].toLowerCase()} đã có người lấy số và được phục vụ, mới có ${told.days}.</p>`;
  return html`<div class="wide" tabindex="0"><table class="figures needs"><thead><tr><th scope="col">Giờ</th><th scope="col">Người đến (ngày giữa)</th><th scope="col">Ngày thường cần</th><th scope="col">Ngày đông cần</th></tr></thead><tbody>${told.hours.map((hour) => html`<tr key=${hour.hour}><th scope="row">${Number(hour.hour)} giờ</th><td>${number(hour.arrivals)}</td><td><b>${hour.usual}</b> quầy</td><td>${hour.busy} quầy</td></tr>`)}</tbody></table></div>
    <p class="note">Cách tính: công thức Erlang C cho từng giờ của ${told.hours[0]?.days ?? 0} ${WEEKDAYS[told.weekday].toLowerCase()} gần nhất (nhiều nhất ${told.most}); đủ quầy là khi không quá 1 trong 5 người chờ hơn ${told.wait_min} phút. “Thường”: một nửa số ngày cần không quá; “đông”: 9 trên 10 ngày. Coi mọi quầy đều nhận mọi dịch vụ và không ai dồn từ giờ trước, nên là mức ít nhất.</p>`;
}
