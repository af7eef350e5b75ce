// All halls on a wall: no controls, one page after the other, by itself.

import { LINKS, byId, clock, el, fill, number, reader, span, trouble } from "/static/frame.js";
import { clockOf, totals, watchRows } from "/static/rows.js";

const PAGE_MS = 12000;
// Of each list at most so many pages: a wall comes round in two minutes.
const MOST_PAGES = 3;
const me = await reader();
const at = clockOf();
let halls = [];
let page = 0;
byId("province").textContent = me.province;
clock();

const wait = (hall) => hall.since ? Math.max(0, at.now() - hall.since) : null;
const ago = (hall) => hall.heard === null ? "–" : span(Math.max(0, at.now() - hall.heard));
const LISTS = [
  { title: "Chờ lâu nhất", chosen: () => halls.filter((hall) => hall.link === "up" && hall.since).sort((a, b) => a.since - b.since) },
  { title: "Hội trường im lặng", chosen: () => halls.filter((hall) => hall.link !== "up" && hall.link !== "never").sort((a, b) => (b.heard ?? 0) - (a.heard ?? 0)) },
  { title: "Có lỗi thiết bị", chosen: () => halls.filter((hall) => hall.faults > 0).sort((a, b) => b.faults - a.faults) },
];

function room() {
  const row = 0.056 * window.innerHeight;
  return Math.max(1, Math.floor((byId("table").parentElement.clientHeight - 0.04 * window.innerHeight) / row));
}

/** [list, from, to, of] of every page that there is now. */
function pages() {
  const size = room();
  return LISTS.flatMap((list) => {
    const found = list.chosen();
    const count = Math.min(MOST_PAGES, Math.ceil(found.length / size));
    return Array.from({ length: count }, (_, place) => ({ list, found, from: place * size, to: Math.min(found.length, (place + 1) * size) }));
  });
}

function draw() {
  const all = pages();
  const shown = all[page % Math.max(1, all.length)];
  byId("empty").hidden = shown !== undefined;
  byId("empty").textContent = halls.length ? "Không ai phải chờ, không có lỗi nào." : "Đang đợi số liệu của các hội trường…";
  byId("table").hidden = shown === undefined;
  byId("title").textContent = shown?.list.title ?? "Toàn tỉnh";
  byId("place").textContent = shown ? `${number(shown.from + 1)}–${number(shown.to)} trong ${number(shown.found.length)}` : "";
  const minutes = (hall) => (wait(hall) ?? 0) / 60;
  fill(byId("table"), [
    ["Hội trường", (hall) => hall.short, true],
    ["Kết nối", (hall) => el("span", { class: "mark", "data-link": hall.link }, LINKS[hall.link]), true],
    ["Đang chờ", (hall) => number(hall.waiting)],
    ["Chờ lâu nhất", (hall) => span(wait(hall))],
    ["Quầy mở", (hall) => `${number(hall.open)}/${number(hall.counters)}`],
    ["Lỗi", (hall) => number(hall.faults)],
    ["Nghe lần cuối", ago],
  ], shown ? shown.found.slice(shown.from, shown.to) : []);
  const [name, link] = byId("table").tHead.rows[0].cells;
  name.className = "c-name text";
  link.className = "c-link text";
  (shown?.found.slice(shown.from, shown.to) ?? []).forEach((hall, row) => {
    const cell = byId("table").tBodies[0].rows[row].cells[3];
    if (minutes(hall) >= me.long_wait_min) cell.dataset.tone = minutes(hall) >= 2 * me.long_wait_min ? "bad" : "warn";
  });
}

function drawTotals() {
  const told = totals(halls, at.now());
  const tile = (value, words, tone = null) => el("li", { "data-tone": tone }, el("strong", {}, value), el("span", {}, words));
  byId("totals").replaceChildren(
    tile(`${number(told.there)}/${number(told.all)}`, "hội trường đang nối"),
    tile(number(told.waiting), "người đang chờ"),
    tile(told.longest === null ? "–" : span(told.longest), "chờ lâu nhất", (told.longest ?? 0) / 60 >= me.long_wait_min ? "warn" : null),
    tile(number(told.open), "quầy đang mở"),
    tile(number(told.served), "lượt đã phục vụ"),
    tile(number(told.silent), "hội trường im lặng", told.silent ? "bad" : null),
  );
}

watchRows((told) => {
  at.set(told.now);
  halls = [...told.halls.values()].filter((hall) => hall.link !== undefined);
  trouble(told.note ? `Số liệu có thể cũ: ${told.note}.` : "");
  drawTotals();
  draw();
  window.motcuaRows = halls.length;
}, trouble);
setInterval(() => { page += 1; draw(); }, PAGE_MS);
