// The list of paired browsers: who is at which place, a code for one more, and none for one less.

import { byId, el, fill, text, toast } from "/static/live.js";

const LOOK_MS = 5000;
const NAMES = { head: "Trưởng bộ phận", technician: "Kỹ thuật viên" };
const placeName = (place) => NAMES[place] ?? (place.startsWith("tablet-") ? `Máy đánh giá, quầy ${place.slice(7)}` : `Quầy ${place}`);
const when = (iso) => new Date(iso).toLocaleString("vi-VN", { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });

async function ask(path, method = "GET") {
  const posted = method === "POST" ? { body: "{}", headers: { "content-type": "application/json" } } : {};
  try {
    const answer = await fetch(path, { method, cache: "no-store", ...posted });
    if (answer.status === 403) location.assign("/ghep");
    byId("trouble").hidden = true;
    return await answer.json();
  } catch {
    text("trouble-text", "Mất kết nối với máy chủ");
    byId("trouble").hidden = false;
    return null;
  }
}

async function lookAtClerks() {
  const clerks = (await ask("/api/clerks"))?.clerks ?? [];
  byId("clerks-part").hidden = clerks.length === 0;
  fill(byId("clerks"), clerks, () => clerks.map((clerk) => el("li", { "data-clerk": clerk.id },
    el("div", {}, el("b", {}, clerk.name), el("small", {}, `${clerk.id}${clerk.head ? " · trưởng bộ phận" : ""}`)),
    el("button", { class: "key slim", type: "button", onclick: () => handOut(clerk) }, "Giao mã mới…"),
    el("button", { class: "key slim", type: "button", onclick: () => remove(clerk) }, "Bỏ…"))));
}

async function handOut(clerk) {
  if (!(await isSure(`Giao mã PIN mới cho ${clerk.name}?`, "Mã cũ hết hiệu lực, máy đang đăng nhập phải đăng nhập lại.", "Giao mã"))) return;
  const reply = await ask(`/api/clerks/${encodeURIComponent(clerk.id)}/first-pin`, "POST");
  text("handed-out", reply?.pin ? `Mã giao cho ${clerk.name}: ${reply.pin} (7 ngày)` : reply?.error?.text ?? "Chưa giao được.");
}

async function remove(clerk) {
  if (!(await isSure(`Bỏ ${clerk.name}?`, "Người ấy không đăng nhập được nữa; ký hiệu vẫn còn trong nhật ký.", "Bỏ"))) return;
  const reply = await ask(`/api/clerks/${encodeURIComponent(clerk.id)}/remove`, "POST");
  if (reply?.status !== "ok") toast(reply?.error?.text ?? "Chưa bỏ được.", "bad");
  lookAtClerks();
}

async function look() {
  lookAtClerks();
  const told = await ask("/api/browsers");
  if (!told?.browsers) return;
  if (!told.pairing) {
    text("trouble-text", "Hội trường này không dùng mã ghép: chỉ mở được trang ở chính máy này.");
    byId("trouble").hidden = false;
  }
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

/** Whether the person says yes to this question. */
function isSure(title, what, yes) {
  const sure = byId("sure");
  text("sure-title", title);
  text("sure-what", what);
  text("sure-yes", yes);
  sure.returnValue = "";
  sure.showModal();
  return new Promise((resolve) => { sure.onclose = () => resolve(sure.returnValue === "ok"); });
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
look();
setInterval(look, LOOK_MS);
