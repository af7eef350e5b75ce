// Keeps what the hall is: entries by key, as the server sends them; and sends what a person does.

import { hearHall } from "/static/tabs.js";

export const shown = new Map();

const TRIES_AFTER_MS = [1000, 1000, 2000];
const ANSWER_MS = 9000;
const CAUSES = {
  opening: "Đang nối với máy chủ…",
  network: "Mất mạng: máy này không tới được máy chủ của hội trường. Mời xem dây mạng hoặc Wi-Fi; trang tự nối lại.",
  silent: "Máy chủ im lặng: không còn nghe thấy gì. Trang đang nối lại; nếu lâu, mời xem mạng hoặc báo kỹ thuật viên.",
  ended: "Máy chủ vừa dừng hoặc khởi động lại. Trang đang nối lại…",
  server: "Máy chủ gặp lỗi. Trang đang thử lại; nếu lâu, mời báo kỹ thuật viên.",
  busy: "Máy chủ đang quá tải. Trang đang thử lại…",
  full: "Quá nhiều máy đang mở trang gọi số. Mời đóng bớt ở máy không dùng; trang này tự thử lại.",
  withdrawn: "Máy này không còn được phép dùng trang gọi số. Đang mở trang ghép máy…",
  unsigned: "Chưa đăng nhập hoặc phiên đã hết. Đang mở trang đăng nhập…",
};
// The pairing page says why: `mat`, where all that is known is that this browser has no place.
const door = (why = "mat") => location.assign(`/ghep?vi=${why}`);
const signIn = () => location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`);
let cause = { cause: "opening" };
let clockAhead = 0;

/** Follow the hall; `render` runs after every change, each second, and when the link comes or goes. `parts`: streams.py. */
export function watch(render, parts = []) {
  window.motcuaStarted = true;
  // floor.js tells such a browser that it is too old: its hidden page needs nothing of the hall.
  if (window.motcuaMissing?.length) return;
  let wanted = false;
  const paint = () => { wanted = false; render(); };
  // A hidden tab gets no frames, and its title has to be right all the same.
  const later = () => {
    if (document.hidden) paint();
    else if (!wanted) { wanted = true; requestAnimationFrame(paint); }
  };
  document.addEventListener("visibilitychange", paint);
  hearHall((news) => { take(news); later(); }, parts);
  setInterval(later, 1000);
}

function take(news) {
  cause = news.cause ? news : null;
  if (news.whole) { shown.clear(); clockAhead = news.ahead; }
  for (const [key, value] of Object.entries(news.whole ?? news.changed ?? {})) {
    if (value === null) shown.delete(key); else shown.set(key, value);
    if (value !== null && key.startsWith("counter/")) notice(key, value);
  }
  if (news.whole?.me !== undefined) heedPerson(news.whole.me);
  if (news.cause === "withdrawn") door(news.why);
  if (news.cause === "unsigned") signIn();
}

let person;
/** Another one is signed in here, or nobody any more: the server says what this page may be now. */
function heedPerson(me) {
  if (person !== undefined && person !== me) location.reload();
  person = me;
}

/** Milliseconds of the hall's own clock, as near as a header tells. */
export const hallNow = () => Date.now() + clockAhead;

/** Why the picture may be old, in words; null when it is as the hall is. */
export function trouble() {
  if (cause !== null) return cause.words || CAUSES[cause.cause];
  const link = shown.get("link");
  if (!link?.bus) return "Máy chủ mất kết nối với hội trường (broker): mời báo kỹ thuật viên; trang tự nối lại.";
  if (!link.fresh) return "Chưa nghe thấy bộ điều khiển – số trên màn hình có thể đã cũ. Mời báo kỹ thuật viên.";
  return null;
}

/** One id for one act of a person. (randomUUID is missing on plain http.) */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What changed under the hand that presses has not been seen by its owner yet.
const SEEN_MS = 700;
const glances = new Map();

/** Remember which person a counter held, and whom it held before who presses now could look. */
function notice(key, state) {
  const ticket = state.ticket?.id ?? null;
  const known = glances.get(key);
  if (known === undefined) { glances.set(key, { ticket, before: ticket, at: -Infinity, ver: state.ver, changedAt: -Infinity }); return; }
  const at = performance.now();
  if (known.ver !== state.ver) { known.ver = state.ver; known.changedAt = at; }
  if (known.ticket === ticket) return;
  Object.assign(known, { ticket, before: at - known.at < SEEN_MS ? known.before : known.ticket, at });
}

/** Whether somebody else has just changed this counter: a press now was meant for what was before. */
export function isDisarmed(counter) {
  const glance = glances.get(`counter/${counter}`);
  return glance !== undefined && performance.now() - glance.changedAt < SEEN_MS;
}

/** The person whom the clerk of a counter has seen there: an id, or null for nobody. */
function seenAt(counter) {
  const glance = glances.get(`counter/${counter}`);
  if (glance === undefined) return undefined;
  return performance.now() - glance.at < SEEN_MS ? glance.before : glance.ticket;
}

/** What one's own press has brought is expected, and so counts as seen at once. */
export function broughtBy(counter, reply) {
  const glance = glances.get(`counter/${counter}`);
  const brought = reply.data?.counter;
  if (!glance || !brought) return;
  if (glance.ver <= brought.ver) glance.changedAt = -Infinity;
  if (glance.ticket === (brought.ticket?.id ?? null)) glance.at = -Infinity;
}

/** What an act at a counter is bound to: if another person is there by then, nothing happens. */
export function asSeen(counter, ticket = seenAt(counter)) {
  return ticket === undefined ? {} : { expect_ticket: ticket };
}

const DOUBLE_CLICK_MS = 600;
let lastPress = { what: null, at: 0 };
/** Whether a hand has double-clicked: the second click comes after the answer, and means nothing. */
export function isDouble(what) {
  const at = performance.now();
  const double = lastPress.what === what && at - lastPress.at < DOUBLE_CLICK_MS;
  lastPress = { what, at };
  return double;
}

const STAFF = "motcua-staff";
/** The mark of whoever works at this browser: goes with every act into the journal, and no further. */
export const staff = () => localStorage.getItem(STAFF) ?? "";
/** A field for that mark, kept in this browser; what could not be a mark is not kept. */
export async function staffField(field) {
  // At once: who is quick types before the server has answered.
  field.value = staff();
  field.addEventListener("change", () => { if (field.value === "" || field.reportValidity()) localStorage.setItem(STAFF, field.value); });
  const me = await toldBy("/api/me");
  if (me.places) heedPerson(me.clerk?.id ?? null);
  if (me.clerk) {
    // Who signed in is who is journalled: the server writes the mark, and nothing is typed.
    const out = el("button", { class: "key slim", type: "button", id: "sign-out", onclick: signOut }, "Đăng xuất");
    field.closest("label").replaceWith(el("p", { class: "who" }, el("span", { id: "signed" }, `Đang làm việc: ${me.clerk.name} (${me.clerk.id}) `), out));
  }
}

async function signOut() {
  await fetch("/api/sign-out", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  signIn();
}

const UNSENT = {
  network: "Không gửi được vì mất mạng. Mời xem dây mạng hoặc Wi-Fi rồi bấm lại.",
  silent: "Máy chủ không trả lời. Mời nhìn lại số đang hiện rồi bấm lại.",
  busy: "Máy chủ đang quá tải, chưa làm. Mời bấm lại sau ít giây.",
  server: "Máy chủ gặp lỗi, chưa rõ đã làm chưa. Mời nhìn lại số đang hiện, báo kỹ thuật viên nếu còn.",
};
const unsent = (code, why) => ({ status: "error", error: { code, text: UNSENT[why] } });

/** What the server says of this browser or its people; {} where the answer fails or breaks off. */
export const toldBy = (path) => fetch(path, { cache: "no-store" }).then((answer) => answer.json()).catch(() => ({}));

/** Do one act: the same id on every try. Gives {status, error?}. */
export async function act(path, body = {}) {
  const signed = staff() && !path.startsWith("/api/device/") ? { staff: staff() } : {};
  const sent = JSON.stringify({ ...signed, ...body, id: newId() });
  for (const pause of [...TRIES_AFTER_MS, null]) {
    const reply = await send(path, sent);
    if (reply.error?.code !== "unsent") return reply;
    if (pause === null) return { ...reply, error: { ...reply.error, code: "unavailable" } };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function send(path, body) {
  const abort = new AbortController();
  let late = false;
  const timer = setTimeout(() => { late = true; abort.abort(); }, ANSWER_MS);
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "content-type": "application/json" }, signal: abort.signal });
    if (answer.status === 503) return unsent("unsent", "busy");
    if (answer.status >= 500) return unsent("unavailable", "server");
    const reply = await answer.json();
    if (answer.status === 401) signIn();
    if (answer.status === 403) door();
    return reply;
  } catch {
    return unsent("unsent", late ? "silent" : "network");
  } finally {
    clearTimeout(timer);
  }
}

/** An element; texts become text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Put children in place of the old ones, only when what they say changed. */
export function fill(node, key, make) {
  const text = JSON.stringify(key);
  if (node.dataset.key === text) return;
  node.dataset.key = text;
  node.replaceChildren(...make());
}

export const byId = (id) => document.getElementById(id);
export const text = (id, value) => { const node = byId(id); if (node.textContent !== value) node.textContent = value; };

export const clockText = (ms) => new Date(ms).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: zone() });
export const zone = () => shown.get("setting")?.hall.zone ?? "Asia/Ho_Chi_Minh";
export const minutesSince = (iso) => Math.max(0, Math.floor((hallNow() - Date.parse(iso)) / 60000));
export const serviceName = (id) => shown.get("setting")?.services.find((each) => each.id === id)?.name ?? id;
export const counterName = (id) => shown.get("setting")?.counters.find((each) => each.id === id)?.name ?? `Quầy ${id}`;

let toastTimer = 0;
/** A short word at the bottom of the page. */
export function toast(message, kind = "info") {
  const node = byId("toast");
  node.textContent = message;
  node.dataset.kind = kind;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 5000);
}

/** The strip at the top that says why the picture may be old. */
export function showTrouble() {
  const why = trouble();
  const strip = byId("trouble");
  strip.hidden = why === null;
  text("trouble-text", why ?? "");
  document.body.classList.toggle("stale", why !== null);
  const hall = shown.get("hall");
  text("clock", hall?.clock === "unsure" ? "giờ chưa xác định" : clockText(hallNow()));
}
