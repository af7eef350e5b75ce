// Waits and ratings over weeks, by week, day, unit or hall.

import { ask, byId, day, dayWords, el, files, fill, frame, number, span, trouble } from "/static/frame.js";

const WEEKS = 12;
const view = { by: "week", unit: "" };
const FIRST = { week: "Tuần từ", day: "Ngày", unit: "Đơn vị", hall: "Hội trường" };
byId("first").value = day(1 - 7 * WEEKS);
byId("last").value = day();
await frame();

function name(line) {
  if (line.late && line.id) return [named(line), " ", el("span", { class: "disputed" }, "đang đối chiếu")];
  return named(line);
}

function named(line) {
  if (!line.id) return line.name;
  if (view.by === "hall") return el("a", { href: `/hoi-truong/${line.id}` }, line.name);
  return view.by === "unit" ? line.name : dayWords(line.name);
}

function draw(told) {
  const most = Math.max(1, ...told.lines.map((line) => line.wait_s ?? 0));
  const waited = (line) => {
    if (!line.id || line.wait_s === null) return span(line.wait_s);
    const bar = el("i", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${4 * line.wait_s / most}rem`;
    return [bar, ` ${span(line.wait_s)}`];
  };
  const lines = view.by === "week" || view.by === "day" ? [...told.lines].reverse() : told.lines;
  fill(byId("table"), [
    [FIRST[view.by], name, true],
    ["Lấy số", (line) => number(line.issued)],
    ["Đã phục vụ", (line) => number(line.served)],
    ["Vắng mặt", (line) => number(line.no_show)],
    ["Chờ trung bình", waited],
    ["Chờ lâu nhất", (line) => span(line.wait_max_s)],
    ["Phục vụ trung bình", (line) => span(line.serve_s)],
    ["Lượt đánh giá", (line) => number(line.ratings)],
    ["Điểm trung bình và hài lòng", (line) => line.rated, true],
  ], lines, told.total);
  const late = told.late.length;
  byId("late").replaceChildren(...(late ? [el("span", { class: "disputed" }, "đang đối chiếu"), ` ${number(late)} hội trường: ${told.late.slice(0, 3).join(", ")}${late > 3 ? "…" : ""}`] : ["Mọi sự kiện đã nhận đều đã tính."]));
  for (const button of document.querySelectorAll("[data-by]")) button.setAttribute("aria-pressed", button.dataset.by === view.by);
}

async function load() {
  try {
    const query = new URLSearchParams({ by: view.by, unit: view.unit, from: byId("first").value, to: byId("last").value });
    const told = await ask(`/api/table/lived?${query}`);
    files("lived", query);
    trouble("");
    draw(told);
  } catch (error) {
    trouble(error.message);
  }
}

async function units() {
  const told = await ask("/api/units");
  byId("unit").append(...told.units.map((each) => el("option", { value: each.id }, each.name)));
}

for (const button of document.querySelectorAll("[data-by]")) button.addEventListener("click", () => { view.by = button.dataset.by; load(); });
for (const id of ["first", "last"]) byId(id).addEventListener("change", load);
byId("unit").addEventListener("change", (event) => { view.unit = event.target.value; load(); });
await load();
await units();
