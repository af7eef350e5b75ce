// Another password, by who knows the one in use.

import { byId, post, reader } from "/static/frame.js";

await reader();

function say(words) {
  byId("wrong").textContent = words;
  byId("wrong").hidden = words === "";
}

byId("change").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("done").hidden = true;
  if (byId("new").value !== byId("again").value) { say("Hai lần nhập mật khẩu mới không giống nhau."); return; }
  const reply = await post("/api/password", { old: byId("old").value, new: byId("new").value });
  say(reply.status === "ok" ? "" : reply.error?.text ?? "Chưa đổi được.");
  if (reply.status !== "ok") return;
  byId("change").reset();
  byId("done").hidden = false;
});
