// The list of clerks: who signs in here, a first PIN for one more or for who forgot hers, none for who left.

import { byId, el, fill, text, toast } from "/static/live.js";
import { ask, hold, isSure, noPairing } from "/static/door.js";
import { showWays } from "/static/ways.js";

const LOOK_MS = 5000;

async function look() {
  const told = await ask("/api/staff");
  if (!told?.clerks) return;
  if (!told.pairing) noPairing();
  byId("none").hidden = told.clerks.length > 0;
  text("count", String(told.clerks.length));
  fill(byId("clerks"), told.clerks, () => told.clerks.map(row));
}

function row(clerk) {
  const facts = [clerk.id, clerk.head && "trưởng bộ phận", ...(clerk.at.length ? [`đang làm ở ${clerk.at.join(", ")}`] : []), pinState(clerk.first_days)];
  return el("li", { "data-clerk": clerk.id },
    el("div", {}, el("b", {}, clerk.name), el("small", {}, facts.filter(Boolean).join(" · "))),
    el("button", { class: "key slim", type: "button", "data-act": "hand-out", onclick: () => handOut(clerk) }, "Giao mã mới…"),
    el("button", { class: "key slim", type: "button", "data-act": "remove", onclick: () => remove(clerk) }, "Bỏ…"));
}

function pinState(days) {
  if (days === null) return "";
  return days > 0 ? `chưa đăng nhập; mã được giao còn ${days} ngày` : "mã được giao đã hết hạn";
}

/** What came of it: a first PIN to be read out, or why there is none. */
function tell(reply, name) {
  byId("handed-out").hidden = !reply?.pin;
  if (reply?.pin) {
    text("whose", name);
    text("days", String(reply.days));
    // Who has just added the first head, herself, has to sign in from now on: not before she has read it.
    hold(true);
    text("pin", `${reply.pin.slice(0, 4)} ${reply.pin.slice(4)}`);
  } else toast(reply?.error?.text ?? "Chưa làm được.", "bad");
  look();
}

async function handOut(clerk) {
  if (await isSure(`Giao mã PIN mới cho ${clerk.name}?`, "Mã cũ hết hiệu lực, máy đang đăng nhập phải đăng nhập lại.", "Giao mã")) tell(await ask(`/api/staff/${encodeURIComponent(clerk.id)}/first-pin`, "POST"), clerk.name);
}

async function remove(clerk) {
  if (!(await isSure(`Bỏ ${clerk.name}?`, "Người ấy không đăng nhập được nữa, máy đang mở phải đăng nhập lại; ký hiệu vẫn còn trong nhật ký.", "Bỏ"))) return;
  const reply = await ask(`/api/staff/${encodeURIComponent(clerk.id)}/remove`, "POST");
  if (reply?.status === "ok") toast(`${clerk.name} không đăng nhập được nữa.`); else toast(reply?.error?.text ?? "Chưa bỏ được.", "bad");
  look();
}

byId("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("name").value;
  const reply = await ask("/api/staff", "POST", { mark: byId("mark").value, name, head: byId("head").checked });
  tell(reply, name);
  if (reply?.pin) byId("new").reset();
});
byId("done").addEventListener("click", () => {
  hold(false);
  byId("handed-out").hidden = true;
  text("pin", "");
  look();
});
showWays();
look();
setInterval(look, LOOK_MS);
window.motcuaStarted = true;
