// What every page of the head of the hall stands on: drawing, asking the server, words for figures.

import { h, render } from "/static/preact.module.js";
import htm from "/static/htm.module.js";
import { hallNow, shown, zone } from "/static/live.js";

export const html = htm.bind(h);
export { render };

let draw = () => {};
export const drawWith = (redraw) => { draw = redraw; };
export const redraw = () => draw();

/** A question to the server, asked again when `key` changes or `ages` ms have passed. */
export class Answer {
  constructor(ages = Infinity) { this.ages = ages; this.key = null; this.at = 0; this.data = null; this.error = ""; this.asking = false; }

  /** The last answer to this address: null until there is one. */
  of(key) {
    const old = performance.now() - this.at > this.ages;
    if ((key !== this.key || old) && !(this.asking && key === this.key)) this.ask(key);
    return this.data;
  }

  async ask(key) {
    if (key !== this.key) this.data = null;
    this.key = key; this.asking = true; this.error = "";
    try {
      const answer = await fetch(key, { signal: AbortSignal.timeout(20000) });
      if (answer.status === 401) { location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`); return; }
      if (answer.status === 403) { location.assign("/ghep"); return; }
      const told = await answer.json();
      if (this.key !== key) return;
      if (told.error) this.error = told.error.text; else this.data = told;
    } catch {
      if (this.key === key) this.error = "Chưa lấy được số liệu. Kiểm tra mạng; trang tự thử lại.";
    } finally {
      if (this.key === key) { this.asking = false; this.at = this.error ? performance.now() - this.ages + 5000 : performance.now(); }
      redraw();
    }
  }
}

export const NONE = "–";
export const number = (value) => (value === null || value === undefined ? NONE : value.toLocaleString("vi-VN"));
/** Seconds as minutes and seconds. */
export const minutes = (seconds) => (seconds === null || seconds === undefined ? NONE : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
/** Minutes since a moment (ms since 1970) of the hall's clock. */
export const ago = (ms) => Math.max(0, Math.floor((hallNow() - ms) / 60000));
export const dayText = (iso) => iso.split("-").reverse().join("/");
export { WEEKDAYS } from "/static/words.js";

// No hall works before this hour; until then the hall's day is still yesterday's.
const NIGHT_MS = 5 * 3600 * 1000;

/** The hall's day. It turns with the first act: who looks before anybody has pressed means today. */
export function hallDay() {
  const date = new Intl.DateTimeFormat("sv", { timeZone: zone(), dateStyle: "short" }).format(hallNow() - NIGHT_MS);
  const told = shown.get("hall").day;
  return date > told ? date : told;
}

/** A day of the hall's calendar, so many days from today. */
export function dayFromToday(days) {
  const day = new Date(`${hallDay()}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

// Of so few a mean or a share says nothing.
const FEW_RATINGS = 5;
const FEW_CALLED = 20;
/** The mean and how many rated; of too few only how many. */
export const ratingParts = (line) => [line.ratings < FEW_RATINGS ? NONE : (line.rating_mean_100 / 100).toFixed(2).replace(".", ","), line.ratings ? `${line.ratings} lượt` : ""];
const rating = (line) => ratingParts(line).filter((each) => each && each !== NONE).join(" · ") || NONE;
export const share = (part, whole) => (whole < FEW_CALLED ? "" : ` (${((100 * part) / whole).toFixed(1).replace(".", ",")} %)`);

/** Bars with a word under each; `cells`: [{label, value, told}]. Read aloud as a list. */
export function Bars({ cells, label, unit = "" }) {
  const most = Math.max(1, ...cells.map((cell) => cell.value ?? 0));
  const every = Math.ceil(cells.length / 16);
  return html`<ul class="bars" aria-label=${label} data-many=${cells.length > 24}>${cells.map((cell, index) => html`<li key=${cell.label} title=${cell.told ?? `${cell.label}: ${number(cell.value)} ${unit}`}>
    <b>${cells.length <= 24 ? number(cell.value) : ""}</b><i style=${{ height: `${(100 * (cell.value ?? 0)) / most}%` }}></i><span>${index % every === 0 ? cell.label : ""}</span></li>`)}</ul>`;
}

const COLUMNS = [
  ["Lấy số", (line) => number(line.issued)], ["Được gọi", (line) => number(line.called)], ["Được phục vụ", (line) => number(line.served)],
  ["Vắng mặt", (line) => number(line.absent) + share(line.absent, line.called)], ["Chưa rõ", (line) => number(line.unclear)],
  ["Chờ, giữa", (line) => minutes(line.wait_median_s)], ["Chờ, 90 %", (line) => minutes(line.wait_p90_s)],
  ["Phục vụ, giữa", (line) => minutes(line.serve_median_s)], ["Đánh giá", rating],
];

/** The lines of one part of a report. */
export function Lines({ lines, title }) {
  if (!lines.length) return null;
  return html`<section class="card"><h2>${title}</h2><div class="wide" tabindex="0"><table class="figures"><thead><tr><td></td>${COLUMNS.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${lines.map((line) => html`<tr key=${line.name}><th scope="row">${line.title}</th>${COLUMNS.map(([, told]) => html`<td>${told(line)}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

/** Why there is no figure here: still asking, a failure in words, or nothing. */
export const Nothing = ({ answer, empty }) => html`<p class=${answer.error ? "wrong" : "none"} role=${answer.error ? "alert" : "status"}>${answer.error || (answer.asking ? "Đang tính…" : empty)}</p>`;
