// What the pages about who comes in stand on: a question to the server, one to the person.

import { byId, text } from "/static/live.js";

let held = false;
/** Whether the page stays though this browser may not use it any more: somebody reads what is on it. */
export const hold = (on) => { held = on; };

/** The server's answer; null where there is none, and the strip says so. */
export async function ask(path, method = "GET", body = {}) {
  const posted = method === "POST" ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {};
  try {
    const answer = await fetch(path, { method, cache: "no-store", ...posted });
    if (held && (answer.status === 401 || answer.status === 403)) return null;
    if (answer.status === 401) location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`);
    if (answer.status === 403) location.assign("/ghep");
    byId("trouble").hidden = true;
    return await answer.json();
  } catch {
    say("Mất kết nối với máy chủ");
    return null;
  }
}

export const noPairing = () => say("Hội trường này không dùng mã ghép: chỉ mở được trang ở chính máy này.");

function say(words) {
  text("trouble-text", words);
  byId("trouble").hidden = false;
}

/** Whether the person says yes to this question; Enter does it, Esc leaves it. */
export function isSure(title, what, yes) {
  const sure = byId("sure");
  text("sure-title", title);
  text("sure-what", what);
  text("sure-yes", yes);
  sure.returnValue = "";
  sure.showModal();
  byId("sure-yes").focus();
  return new Promise((resolve) => { sure.onclose = () => resolve(sure.returnValue === "ok"); });
}
