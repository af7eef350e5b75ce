// What the operator sees to: registry, passwords, machines under one id, halls that are silent.

import { LINKS, ask, byId, el, files, fill, fold, frame, moment, number, trouble } from "/static/frame.js";

const LOOK_MS = 10000;
let told = { halls: [], strangers: [] };
await frame();

function draw() {
  const words = fold(byId("q").value).split(" ").filter(Boolean);
  const chosen = told.halls.filter((each) => (!byId("wrong").checked || each.wrong.length > 0)
    && words.every((word) => fold(`${each.name} ${each.unit} ${each.id} ${each.host} ${each.twin}`).includes(word)));
  byId("found").textContent = `${number(chosen.length)} / ${number(told.halls.length)} hội trường`;
  byId("empty").hidden = chosen.length > 0;
  fill(byId("table"), [
    ["Hội trường", (each) => el("a", { href: `/hoi-truong/${each.id}` }, each.name), true],
    ["Việc cần làm", (each) => each.wrong.join("; ") || "–", "note"],
    ["Kết nối", (each) => el("span", { class: "mark", "data-link": each.link }, LINKS[each.link]), true],
    ["Mã", (each) => each.id, true],
    ["Đơn vị", (each) => each.unit, true],
    ["Mật khẩu cấp lúc", (each) => moment(each.issued_at)],
    ["Máy", (each) => each.host || "–", true],
    ["Máy bị từ chối", (each) => each.twin || "–", true],
    ["Sự kiện cuối", (each) => moment(each.heard_at)],
    ["Số sự kiện", (each) => number(each.seq)],
  ], chosen);
  fill(byId("strangers"), [
    ["Mã", (each) => each.hall, true],
    ["Máy", (each) => each.host || "–", true],
    ["Lần đầu", (each) => moment(each.first_at)],
    ["Lần cuối", (each) => moment(each.last_at)],
    ["Số lô", (each) => number(each.batches)],
  ], told.strangers);
  const count = (test) => number(told.halls.filter(test).length);
  const tile = (value, words) => el("li", {}, el("strong", {}, value), el("span", {}, words));
  byId("totals").replaceChildren(
    tile(number(told.halls.length), "hội trường đã đăng ký"),
    tile(count((each) => each.issued_at !== null), "có mật khẩu"),
    tile(count((each) => each.link === "up"), "đang nối"),
    tile(count((each) => each.twin !== ""), "hai máy cùng mã"),
    tile(number(told.strangers.length), "gửi mà chưa đăng ký"),
  );
}

async function look() {
  try {
    told = await ask("/api/table/operation");
    trouble("");
    draw();
  } catch (error) {
    trouble(error.message);
  }
  setTimeout(look, LOOK_MS);
}
files("operation", "");
byId("q").addEventListener("input", draw);
byId("wrong").addEventListener("change", draw);
look();
