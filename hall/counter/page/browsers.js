// The list of paired browsers: who is at which place, a code for one more, and none for one less.

import { byId, el, fill, text, toast } from "/static/live.js";
import { ask, isSure, noPairing } from "/static/door.js";
import { showWays } from "/static/ways.js";

const LOOK_MS = 5000;
const NAMES = { head: "Trưởng bộ phận", technician: "Kỹ thuật viên" };
const placeName = (place) => NAMES[place] ?? (place.startsWith("tablet-") ? `Máy đánh giá, quầy ${place.slice(7)}` : `Quầy ${place}`);
const when = (iso) => new Date(iso).toLocaleString("vi-VN", { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" }).replace("-", "/");

async function look() {
  const told = await ask("/api/browsers");
  if (!told?.browsers) return;
  if (!told.pairing) noPairing();
  fill(byId("place"), told.places, () => told.places.map((place) => el("option", { value: place }, placeName(place))));
  text("count", String(told.browsers.length));
  fill(byId("browsers"), told.browsers, () => told.browsers.map(row));
}

function row(browser) {
  const state = browser.watching ? "đang mở" : `thấy lần cuối ${when(browser.seen_at)}`;
  return el("li", { "data-number": browser.number },
    el("div", {},
      el("b", {}, browser.own ? `${browser.name} (máy này)` : browser.name),
      el("small", {}, `${browser.places.map(placeName).join(", ")} · ${browser.address} · ghép ${when(browser.paired_at)} · ${state}`)),
    el("button", { class: "key slim", type: "button", onclick: () => revoke(browser) }, "Thu hồi…"));
}

async function revoke(browser) {
  const places = browser.places.map(placeName).join(", ");
  if (!(await isSure(`Thu hồi ${browser.name}?`, `${places}: máy ấy phải ghép lại mới dùng được.`, "Thu hồi"))) return;
  const reply = await ask(`/api/browsers/${browser.number}/revoke`, "POST");
  toast(reply?.status === "ok" ? `Đã thu hồi ${browser.name}.` : reply?.error?.text ?? "Chưa thu hồi được.", reply?.status === "ok" ? "info" : "bad");
  look();
}

byId("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await ask(`/api/codes/${encodeURIComponent(byId("place").value)}`, "POST");
  if (!reply?.code) { toast(reply?.error?.text ?? "Chưa tạo được mã.", "bad"); return; }
  text("code", `${reply.code.slice(0, 4)} ${reply.code.slice(4)}`);
  text("minutes", String(reply.lasts_s / 60));
  byId("made").hidden = false;
});
showWays();
look();
setInterval(look, LOOK_MS);
window.motcuaStarted = true;
