// All halls of the province in one table: filtered, sorted, only what is in sight is drawn.

import { LINKS, byId, el, files, fold, frame, number, span, trouble } from "/static/frame.js";
import { clockOf, totals, watchRows } from "/static/rows.js";

const ORDER = { down: 0, mute: 1, never: 2, off: 3, up: 4 };
const RESORT_MS = 5000;
const AROUND = 8;
const me = await frame();
const clock = clockOf();

const wait = (hall) => (hall.since ? Math.max(0, clock.now() - hall.since) : null);
const COLUMNS = [
  { id: "name", words: "Hội trường", key: (hall) => hall.shortFolded, kind: "c-name text" },
  { id: "unit", words: "Đơn vị", key: (hall) => hall.unitFolded, kind: "c-unit text" },
  { id: "link", words: "Kết nối", key: (hall) => ORDER[hall.link], kind: "c-link text" },
  { id: "waiting", words: "Đang chờ", key: (hall) => hall.waiting, kind: "c-num", falls: true },
  { id: "longest", words: "Chờ lâu nhất", key: wait, kind: "c-num c-long", falls: true },
  { id: "open", words: "Quầy mở", key: (hall) => hall.open, kind: "c-num c-less", falls: true },
  { id: "served", words: "Đã phục vụ", key: (hall) => hall.served, kind: "c-num c-less", falls: true },
  { id: "faults", words: "Lỗi thiết bị", key: (hall) => hall.faults, kind: "c-num c-less", falls: true },
  { id: "heard", words: "Nghe lần cuối", key: (hall) => hall.heard, kind: "c-num c-few", falls: false },
];
const asked = new URLSearchParams(location.search);
const view = {
  q: asked.get("q") ?? "", unit: asked.get("unit") ?? "", faults: asked.get("faults") === "1", silent: asked.get("silent") === "1",
  sort: COLUMNS.some((each) => each.id === asked.get("sort")) ? asked.get("sort") : "longest", falls: asked.get("up") !== "1",
};
let state = null;
let halls = [];
let chosen = [];
let sortedAt = 0;
let over = false;
let noting = 0;

byId("table").tHead.append(el("tr", {}, ...COLUMNS.map((column) => {
  const button = el("button", { type: "button" }, column.words);
  button.addEventListener("click", () => sortBy(column));
  return el("th", { scope: "col", class: column.kind, id: `by-${column.id}` }, button);
})));

function sortBy(column) {
  view.falls = view.sort === column.id ? !view.falls : column.falls === true;
  view.sort = column.id;
  order();
  choose();
}

/** All halls in the order that is asked for: typing only filters them. */
function order() {
  const { key } = COLUMNS.find((each) => each.id === view.sort);
  const way = view.falls ? -1 : 1;
  for (const hall of halls) hall.key = key(hall) ?? null;
  halls.sort((one, other) => {
    const [a, b] = [one.key, other.key];
    if (a === b) return one.shortFolded < other.shortFolded ? -1 : 1;
    // What nobody knows stands last, whichever way.
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -way : way;
  });
  sortedAt = performance.now();
  for (const { id } of COLUMNS) {
    const head = byId(`by-${id}`);
    if (id === view.sort) head.setAttribute("aria-sort", view.falls ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

/** What passes the filters. */
function choose() {
  const words = fold(view.q).split(" ").filter(Boolean);
  chosen = halls.filter((hall) => (!view.unit || hall.unit === view.unit) && (!view.faults || hall.faults > 0)
    && (!view.silent || hall.link !== "up") && words.every((word) => hall.text.includes(word)));
  note();
  draw();
}

function note() {
  const query = new URLSearchParams();
  if (view.q) query.set("q", view.q);
  if (view.unit) query.set("unit", view.unit);
  for (const name of ["faults", "silent"]) if (view[name]) query.set(name, "1");
  files("halls", query);
  if (view.sort !== "longest") query.set("sort", view.sort);
  if (!view.falls) query.set("up", "1");
  const text = query.toString();
  clearTimeout(noting);
  // A browser takes so many a second, and typing needs none.
  noting = setTimeout(() => history.replaceState(null, "", text ? `/?${text}` : "/"), 400);
  byId("found").textContent = `${number(chosen.length)} / ${number(halls.length)} hội trường`;
  byId("empty").hidden = chosen.length > 0;
  byId("empty").textContent = halls.length === 0 ? "Chưa có hội trường nào được đăng ký." : "Không có hội trường nào khớp điều kiện đang chọn.";
}

function cells(hall) {
  const waited = wait(hall);
  const minutes = waited === null ? 0 : waited / 60;
  const tone = hall.link !== "up" ? null : minutes >= 2 * me.long_wait_min ? "bad" : minutes >= me.long_wait_min ? "warn" : null;
  const ago = hall.heard === null ? "–" : span(Math.max(0, clock.now() - hall.heard));
  const idle = hall.link === "up" && hall.open === 0 && hall.waiting > 0 ? "bad" : null;
  return [
    el("th", { scope: "row", class: "c-name text" }, el("a", { href: `/hoi-truong/${hall.id}`, title: hall.name }, hall.short)),
    el("td", { class: "c-unit text", title: hall.unit_name }, hall.unit_name),
    el("td", { class: "c-link text" }, el("span", { class: "mark", "data-link": hall.link }, el("span", { class: "words" }, LINKS[hall.link]))),
    el("td", { class: "c-num" }, number(hall.waiting)),
    el("td", { class: "c-num c-long", "data-tone": tone }, hall.waiting === 0 ? "0" : span(waited)),
    el("td", { class: "c-num c-less", "data-tone": idle }, `${number(hall.open)} / ${number(hall.counters)}`),
    el("td", { class: "c-num c-less" }, number(hall.served)),
    el("td", { class: "c-num c-less", "data-tone": hall.faults > 0 ? "warn" : null, title: hall.fault || null }, number(hall.faults)),
    el("td", { class: "c-num c-few" }, ago),
  ];
}

function draw() {
  const scroller = byId("scroller");
  const body = byId("table").tBodies[0];
  const height = parseFloat(getComputedStyle(document.documentElement).fontSize) * 2.75;
  const first = Math.max(0, Math.floor(scroller.scrollTop / height) - AROUND);
  const last = Math.min(chosen.length, first + Math.ceil(scroller.clientHeight / height) + 2 * AROUND);
  // One that spans more than what is shown here would make columns of its own.
  const columns = [...byId("table").tHead.rows[0].cells].filter((cell) => cell.offsetParent !== null).length;
  const gap = (rows) => {
    const cell = el("td", { colspan: columns });
    cell.style.height = `${rows * height}px`;
    return el("tr", { class: "gap", "aria-hidden": "true" }, cell);
  };
  const focused = document.activeElement?.closest?.("tbody tr")?.dataset.hall;
  const rows = chosen.slice(first, last).map((hall, place) => el("tr", { "data-hall": hall.id, "data-link": hall.link, "aria-rowindex": first + place + 2 }, ...cells(hall)));
  body.replaceChildren(...(first > 0 ? [gap(first)] : []), ...rows, ...(last < chosen.length ? [gap(chosen.length - last)] : []));
  byId("table").setAttribute("aria-rowcount", chosen.length + 1);
  if (focused) body.querySelector(`tr[data-hall="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
}

function drawTotals() {
  const told = totals(halls, clock.now());
  const tile = (value, words, tone = null) => el("li", { "data-tone": tone }, el("strong", {}, value), el("span", {}, words));
  const minutes = told.longest === null ? 0 : told.longest / 60;
  byId("totals").replaceChildren(
    tile(`${number(told.there)}/${number(told.all)}`, "hội trường đang nối"),
    tile(number(told.waiting), "người đang chờ"),
    tile(told.longest === null ? "–" : span(told.longest), told.longestHall ? `chờ lâu nhất: ${told.longestHall}` : "chờ lâu nhất", minutes >= me.long_wait_min ? "warn" : null),
    tile(number(told.open), "quầy đang mở"),
    tile(number(told.served), "lượt đã phục vụ hôm nay"),
    tile(number(told.faults), "hội trường có lỗi thiết bị", told.faults ? "warn" : null),
    tile(number(told.silent), told.silent ? "đang im lặng, không tính vào các số bên" : "hội trường im lặng", told.silent ? "bad" : null),
  );
}

function units() {
  const known = [...byId("unit").options].map((each) => each.value).join();
  if (known === ["", ...state.units.map((each) => each.id)].join()) return;
  byId("unit").replaceChildren(el("option", { value: "" }, "Mọi đơn vị"), ...state.units.map((each) => el("option", { value: each.id }, each.name)));
  byId("unit").value = view.unit;
}

watchRows((told) => {
  const anew = told.halls !== state?.halls || told.halls.size !== halls.length;
  state = { ...told };
  clock.set(told.now);
  trouble(told.note ? `Số liệu có thể cũ: ${told.note}.` : "");
  if (anew) {
    halls = [...told.halls.values()];
    for (const hall of halls) {
      hall.folded = fold(hall.name);
      hall.shortFolded = fold(hall.short);
      hall.unitFolded = fold(hall.unit_name);
      hall.text = `${hall.folded} ${hall.unitFolded} ${hall.id}`;
    }
    halls = halls.filter((hall) => hall.link !== undefined);
    units();
  }
  drawTotals();
  // Rows do not move under a hand that is about to press one.
  const again = anew || (!over && performance.now() - sortedAt > RESORT_MS);
  if (again) order();
  if (again || view.faults || view.silent) choose();
  else draw();
  window.motcuaRows = halls.length;
}, trouble);

const search = byId("q");
search.value = view.q;
search.addEventListener("input", () => { view.q = search.value; byId("scroller").scrollTop = 0; choose(); });
byId("unit").addEventListener("change", (event) => { view.unit = event.target.value; byId("scroller").scrollTop = 0; choose(); });
for (const name of ["faults", "silent"]) {
  byId(name).checked = view[name];
  byId(name).addEventListener("change", (event) => { view[name] = event.target.checked; byId("scroller").scrollTop = 0; choose(); });
}
let drawing = false;
byId("scroller").addEventListener("scroll", () => {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; draw(); });
});
byId("scroller").addEventListener("pointerenter", () => { over = true; });
byId("scroller").addEventListener("pointerleave", () => { over = false; });
addEventListener("resize", draw);
