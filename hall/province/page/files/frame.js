// What every page of the province stands on: its head, the way to the others, words and numbers.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; a text is never markup. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((each) => each !== null && each !== undefined));
  return made;
}

/** As hall/wording/folding.py: what people type without tones. */
export function fold(text) {
  return text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

export const LINKS = { up: "Đang nối", mute: "Máy điều khiển im lặng", down: "Mất đường truyền", off: "Đã tắt", never: "Chưa từng nối" };
const NUMBER = new Intl.NumberFormat("vi-VN");
export const number = (value) => value === null || value === undefined ? "–" : NUMBER.format(value);

/** How long seconds are, for a person. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.max(0, Math.round(seconds))} giây`;
  if (minutes < 60) return `${minutes} phút`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} giờ ${String(minutes % 60).padStart(2, "0")}`;
  return `${Math.floor(hours / 24)} ngày`;
}

const ZONE = "Asia/Ho_Chi_Minh";
const MOMENT = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" });
const TIME = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
export const moment = (iso) => iso === null || iso === undefined ? "–" : MOMENT.format(new Date(iso));
export const time = (at) => TIME.format(at);
/** The day there, ISO; so many days from today. */
export const day = (days = 0) => DAY.format(new Date(Date.now() + days * 86400000));
export const dayWords = (iso) => iso.split("-").reverse().join("/");

/** The answer of an address; who is no longer signed in goes to the door. */
export async function ask(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (answer.status === 401) { location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`); return await new Promise(() => {}); }
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error?.text ?? "Chưa đọc được.");
  return told;
}

const AGAIN_MS = 3000;

/** Who reads: asked until it is answered, since nothing of a page is there without it. */
export async function reader() {
  for (;;) {
    try {
      const me = await ask("/api/me");
      trouble("");
      return me;
    } catch (error) {
      trouble(error instanceof TypeError || error instanceof SyntaxError ? "Không tới được máy chủ của tỉnh; đang thử lại." : error.message);
    }
    await new Promise((wake) => setTimeout(wake, AGAIN_MS));
  }
}

export async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    return await answer.json();
  } catch {
    return { error: { text: "Không gửi được. Kiểm tra mạng rồi thử lại." } };
  }
}

export function trouble(words) {
  if (byId("trouble") === null) return;
  byId("trouble").textContent = words;
  byId("trouble").hidden = words === "";
}

const PAGES = [["/", "Các hội trường"], ["/so-lieu", "Hồ sơ đúng hạn"], ["/cac-tuan", "Chờ và hài lòng"]];

/** The head of the page; who is signed in. */
export async function frame() {
  const me = await reader();
  byId("province").textContent = me.province;
  byId("who").textContent = `${me.name} · ${me.role_name}`;
  const pages = me.role === "operator" ? [...PAGES, ["/van-hanh", "Vận hành"]] : PAGES;
  const here = location.pathname.startsWith("/hoi-truong/") ? "/" : location.pathname;
  byId("tabs").replaceChildren(...pages.map(([path, words]) => el("a", { href: path, "aria-current": path === here ? "page" : null }, words)));
  byId("leave").addEventListener("click", async () => { await post("/api/sign-out", {}); location.assign("/dang-nhap"); });
  clock();
  return me;
}

export function clock() {
  const tick = () => { byId("clock").textContent = time(new Date()); };
  tick();
  setInterval(tick, 1000);
}

/** A period as people call it; as it is where it is none of the calendar's. */
export function periodWords(id) {
  const [, year, part] = /^(\d{4})(?:-(\d{2}|Q\d))?$/.exec(id) ?? [];
  if (!year) return id;
  if (!part) return `Năm ${year}`;
  return part.startsWith("Q") ? `Quý ${part[1]}/${year}` : `Tháng ${part}/${year}`;
}

/** Fill a table's body and foot by columns: [heading, cell of a line, true of a text, "note" of a long one]. */
export function fill(table, columns, lines, total = null) {
  const kind = (isText) => isText === "note" ? "text note" : isText ? "text" : null;
  const cells = (line) => columns.map(([, cell, isText], place) => {
    const shown = cell(line);
    return el(place === 0 ? "th" : "td", { scope: place === 0 ? "row" : null, class: kind(isText) }, ...(Array.isArray(shown) ? shown : [shown]));
  });
  const head = el("thead", {}, el("tr", {}, ...columns.map(([words, , isText]) => el("th", { scope: "col", class: kind(isText) }, words))));
  const body = el("tbody", {}, ...lines.map((line) => el("tr", {}, ...cells(line))));
  const foot = total === null ? [] : [el("tfoot", {}, el("tr", {}, ...cells(total)))];
  const caption = table.caption;
  table.replaceChildren(...(caption ? [caption] : []), head, body, ...foot);
}

/** Links to the same table as files. */
export function files(kind, query) {
  for (const form of ["csv", "xlsx"]) byId(form).href = `/tai/${kind}.${form}?${query}`;
}
