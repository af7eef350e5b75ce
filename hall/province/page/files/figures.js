// Dossiers on time and overdue, by unit, hall or field, of one period.

import { ask, byId, el, files, fill, fold, frame, moment, number, periodWords, trouble } from "/static/frame.js";

const view = { by: new URLSearchParams(location.search).get("by") ?? "unit", period: "", q: "" };
const FIRST = { unit: "Đơn vị", hall: "Hội trường", field: "Lĩnh vực" };
let told = null;
await frame();

const share = (name) => (line) => line.disputed ? el("span", { class: "disputed", title: line.doubts.join("; ") }, "đang đối chiếu") : line[name];
const about = (line) => {
  if (line.left_out) return `chưa gồm ${number(line.left_out)} nơi đang đối chiếu hoặc chưa có số liệu`;
  return line.doubts.join("; ");
};

function draw() {
  const words = fold(view.q).split(" ").filter(Boolean);
  const lines = told.lines.filter((line) => words.every((word) => fold(`${line.name} ${line.unit}`).includes(word)));
  const name = (line) => view.by === "hall" && line.id ? el("a", { href: `/hoi-truong/${line.id}` }, line.name) : line.name;
  fill(byId("table"), [
    [FIRST[view.by], name, true],
    ...(view.by === "hall" ? [["Đơn vị", (line) => line.unit, true]] : []),
    ["Tiếp nhận", (line) => number(line.received)],
    ["Đã giải quyết", (line) => number(line.resolved)],
    ["Đúng hạn", (line) => number(line.in_time)],
    ["Quá hạn", (line) => number(line.overdue)],
    ["Đúng hạn / đã giải quyết", share("on_time_share")],
    ["Quá hạn / đã giải quyết", share("overdue_share")],
    ["Đang giải quyết", (line) => number(line.pending)],
    ["Trong đó quá hạn", (line) => number(line.pending_overdue)],
    ["Số liệu lúc", (line) => moment(line.as_of)],
    ["Ghi chú", about, "note"],
  ], lines, words.length ? null : told.total);
  byId("from").textContent = told.halls ? `${periodWords(told.period)}: ${number(told.halls)} hội trường có số liệu.` : "Chưa hội trường nào gửi số liệu hồ sơ.";
  for (const button of document.querySelectorAll("[data-by]")) button.setAttribute("aria-pressed", button.dataset.by === view.by);
}

async function load() {
  try {
    const query = new URLSearchParams({ by: view.by, period: view.period });
    told = await ask(`/api/table/dossiers?${query}`);
    view.period = told.period;
    byId("period").replaceChildren(...told.periods.map((each) => el("option", { value: each.id, selected: each.id === told.period }, periodWords(each.id))));
    files("dossiers", new URLSearchParams({ by: view.by, period: view.period }));
    trouble("");
    draw();
  } catch (error) {
    trouble(error.message);
  }
}

for (const button of document.querySelectorAll("[data-by]")) button.addEventListener("click", () => { view.by = button.dataset.by; load(); });
byId("period").addEventListener("change", (event) => { view.period = event.target.value; load(); });
byId("q").addEventListener("input", (event) => { view.q = event.target.value; draw(); });
await load();
