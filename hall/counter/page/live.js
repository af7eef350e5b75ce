// Keeps what the hall is: entries by key, as the server sends them; and sends what a person does.

export const shown = new Map();

const SILENCE_MS = 12000;
// Of the causes for which the server ends the stream, those that another pairing does not mend.
const ENDED = {
  day: "Quá nhiều máy đang mở trang này. Mời đóng bớt ở máy khác rồi tải lại trang.",
  "nhieu-the": "Trang này mở ở quá nhiều thẻ. Mời dùng thẻ mới mở, hoặc tải lại trang này.",
};
let endedFor = null;
const TRIES_AFTER_MS = [1000, 1000, 2000];
let heardAt = Date.now();
let clockAhead = 0;

/** Follow the hall; `render` runs after every change and when the link comes or goes. */
export function watch(render) {
  let wanted = false;
  const later = () => {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame(() => { wanted = false; render(); });
  };
  connect(later);
  setInterval(later, 1000);
}

function connect(later) {
  const source = new EventSource("/events");
  const heard = () => { heardAt = Date.now(); later(); };
  source.addEventListener("hello", () => { shown.clear(); heard(); learnClock(); });
  source.addEventListener("beat", heard);
  source.onmessage = (event) => {
    for (const [key, value] of Object.entries(JSON.parse(event.data))) {
      if (value === null) shown.delete(key); else shown.set(key, value);
      if (value !== null && key.startsWith("counter/")) notice(key, value.ticket?.id ?? null);
    }
    heard();
  };
  source.addEventListener("end", (event) => {
    source.close();
    endedFor = JSON.parse(event.data).cause;
    if (!(endedFor in ENDED)) location.assign(`/ghep?vi=${endedFor}`);
    later();
  });
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(() => connect(later), 2000);
  };
}

async function learnClock() {
  try {
    const answer = await fetch("/static/live.js", { method: "HEAD", cache: "no-store" });
    const date = Date.parse(answer.headers.get("date"));
    if (!Number.isNaN(date)) clockAhead = date - Date.now();
  } catch { /* the next connection tries again */ }
}

/** Milliseconds of the hall's own clock, as near as a header tells. */
export const hallNow = () => Date.now() + clockAhead;

/** Why the picture may be old, in words; null when it is as the hall is. */
export function trouble() {
  if (endedFor !== null) return ENDED[endedFor] ?? "Quyền của máy này đã bị thu hồi";
  if (Date.now() - heardAt > SILENCE_MS || !shown.has("link")) return "Mất kết nối với máy chủ – đang nối lại…";
  const link = shown.get("link");
  if (!link.bus) return "Máy chủ mất kết nối với hội trường (broker)";
  if (!link.fresh) return "Chưa nghe thấy bộ điều khiển – số trên màn hình có thể đã cũ";
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
function notice(key, ticket) {
  const known = glances.get(key);
  if (known === undefined) { glances.set(key, { ticket, before: ticket, at: -Infinity }); return; }
  if (known.ticket === ticket) return;
  const at = performance.now();
  glances.set(key, { ticket, before: at - known.at < SEEN_MS ? known.before : known.ticket, at });
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
  if (glance && reply.data?.counter && glance.ticket === (reply.data.counter.ticket?.id ?? null)) glance.at = -Infinity;
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
  const me = await fetch("/api/me", { cache: "no-store" }).then((answer) => answer.json(), () => ({}));
  if (me.clerk) {
    // Who signed in is who is journalled: the server writes the mark, and nothing is typed.
    const out = el("button", { class: "key slim", type: "button", id: "sign-out", onclick: signOut }, "Đăng xuất");
    field.closest("label").replaceWith(el("p", { class: "who" }, el("span", { id: "signed" }, `Đang làm việc: ${me.clerk.name} (${me.clerk.id}) `), out));
    return;
  }
  field.value = staff();
  field.addEventListener("change", () => { if (field.value === "" || field.reportValidity()) localStorage.setItem(STAFF, field.value); });
}

async function signOut() {
  await fetch("/api/sign-out", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`);
}

/** Do one act: the same id on every try. Gives {status, error?}. */
export async function act(path, body = {}) {
  const signed = staff() && !path.startsWith("/api/device/") ? { staff: staff() } : {};
  const sent = JSON.stringify({ ...signed, ...body, id: newId() });
  for (const pause of [...TRIES_AFTER_MS, null]) {
    try {
      const answer = await fetch(path, {
        method: "POST", body: sent, headers: { "content-type": "application/json" },
        signal: AbortSignal.timeout(9000),
      });
      if (answer.status === 401) location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`);
      if (answer.status === 403) location.assign("/ghep");
      return await answer.json();
    } catch {
      if (pause === null) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return { status: "error", error: { code: "unavailable", text: "Không gửi được. Kiểm tra mạng rồi bấm lại." } };
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
