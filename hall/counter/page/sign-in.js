// Who works at this browser: by name and PIN; at the first time a PIN of one's own is chosen.

import { byId, el, toldBy } from "/static/live.js";

const asked = new URLSearchParams(location.search).get("ve") ?? "/";
// To a page of this server and nowhere else, whatever the address says.
const back = /^\/[a-z0-9][A-Za-z0-9._\/-]*$/.test(asked) ? asked : "/";

function say(words) {
  byId("wrong").textContent = words;
  byId("wrong").hidden = words === "";
}

async function post(body) {
  try {
    const answer = await fetch("/api/sign-in", { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    return await answer.json();
  } catch {
    return { error: { text: "Không gửi được. Kiểm tra mạng rồi thử lại." } };
  }
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const own = byId("own").value;
  if (own !== byId("again").value) { say("Hai lần nhập mã mới không giống nhau."); return; }
  const reply = await post({ who: byId("who").value, pin: byId("pin").value, own });
  if (reply.status === "ok") { location.assign(back); return; }
  const code = reply.error?.code;
  if (code === "choose") showOwn("Đây là lần đầu: tự");
  say(reply.error?.text ?? "Chưa đăng nhập được.");
});

/** Room for the PIN that she chooses now: at the first time, or because she wants another. */
function showOwn(why) {
  byId("own-why").textContent = why;
  byId("own-part").hidden = false;
  byId("change").hidden = true;
  byId("own").focus();
}

byId("change").addEventListener("click", () => { showOwn("Nhập mã đang dùng ở trên, rồi"); byId("pin").focus(); });

const told = await toldBy("/api/clerks");
const clerks = told.clerks ?? [];
byId("none").hidden = clerks.length > 0;
byId("who").replaceChildren(...clerks.map((each) => el("option", { value: each.id }, each.head ? `${each.name} (trưởng bộ phận)` : each.name)));
window.motcuaStarted = true;
