// Who reads the page: by account and password.

import { byId, post } from "/static/frame.js";

const asked = new URLSearchParams(location.search).get("ve") ?? "/";
// To a page of this server and nowhere else, whatever the address says.
const back = /^\/[a-z0-9][A-Za-z0-9._\/-]*$/.test(asked) ? asked : "/";

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await post("/api/sign-in", { account: byId("account").value, password: byId("password").value });
  if (reply.status === "ok") { location.assign(back); return; }
  byId("wrong").textContent = reply.error?.text ?? "Chưa đăng nhập được.";
  byId("wrong").hidden = false;
  byId("password").select();
});
// Pressed before this script is here it would send the form to nobody and lose what was typed.
byId("enter").disabled = false;
