// One hall: what it says of itself now, and its days and weeks.

import { LINKS, ask, byId, day, dayWords, el, files, fill, frame, moment, number, span, trouble } from "/static/frame.js";

const hall = decodeURIComponent(location.pathname.split("/")[2]);
const LOOK_MS = 3000;
const DAYS = 30;
const WEEKS = 12;
const STATUS = { closed: "đóng", open: "rảnh", paused: "tạm nghỉ", called: "đang gọi", serving: "đang phục vụ" };
const DEVICE = { init: "đang khởi động", ready: "tốt", degraded: "có lỗi", disconnected: "đã tắt", lost: "mất kết nối" };
const me = await frame();

function drawNow(told) {
  const { row } = told;
  const now = Date.now() / 1000;
  document.title = told.name;
  byId("name").textContent = told.name;
  byId("unit").textContent = told.unit;
  byId("link").replaceChildren(el("span", { class: "mark", "data-link": row.link }, LINKS[row.link]));
  byId("heard").textContent = row.heard === null ? "chưa nghe gì" : `nghe lần cuối ${span(Math.max(0, now - row.heard))} trước`;
  trouble(row.link === "up" ? "" : "Hội trường không nối: các số dưới đây là số nó gửi lần cuối.");
  const longest = row.since === null ? null : Math.max(0, now - row.since);
  const tile = (value, words, tone = null) => el("li", { "data-tone": tone }, el("strong", {}, value), el("span", {}, words));
  byId("totals").replaceChildren(
    tile(number(row.waiting), "đang chờ"),
    tile(row.waiting === 0 ? "0" : span(longest), "chờ lâu nhất", longest !== null && longest >= 60 * me.long_wait_min ? "warn" : null),
    tile(`${number(row.open)}/${number(row.counters)}`, "quầy đang mở"),
    tile(number(row.served), "lượt đã phục vụ hôm nay"),
    tile(row.intake ? "Đang cấp số" : "Không cấp số", told.notice ?? (told.opens_next ? `mở lại ${moment(told.opens_next)}` : "nhận khách")),
    tile({ ready: "Nối", lost: "Mất" }[told.onestop] ?? "–", "phần mềm một cửa", told.onestop === "lost" ? "bad" : null),
  );
  byId("alerts").replaceChildren(...told.alerts.map((each) => el("li", {},
    el("b", {}, each.text || each.code), each.advice, el("small", {}, ` ${each.client} · từ ${moment(each.since)}`))));
  byId("calm").hidden = told.alerts.length > 0;
  fill(byId("services"), [
    ["Dịch vụ", (each) => each.name, true],
    ["Cấp số", (each) => each.open ? "có" : "không"],
    ["Đang chờ", (each) => number(each.waiting)],
    ["Số cuối", (each) => each.last ?? "–"],
    ["Ước chờ (phút)", (each) => each.wait ? `${each.wait[0]}–${each.wait[1]}` : "–"],
  ], told.services);
  fill(byId("counters"), [
    ["Quầy", (each) => each.name, true],
    ["Đang làm gì", (each) => STATUS[each.status] ?? each.status, true],
    ["Gọi lúc", (each) => moment(each.called_at)],
  ], told.counters);
  fill(byId("devices"), [
    ["Thiết bị", (each) => each.client, true],
    ["Tình trạng", (each) => DEVICE[each.state] ?? each.state, true],
    ["Máy", (each) => each.host || "–", true],
    ["Phần mềm", (each) => each.sw, true],
  ], told.devices);
}

const PEOPLE = [
  ["Lấy số", (each) => number(each.issued)],
  ["Đã phục vụ", (each) => number(each.served)],
  ["Vắng mặt", (each) => number(each.no_show)],
  ["Chờ trung bình", (each) => span(each.wait_s)],
  ["Chờ lâu nhất", (each) => span(each.wait_max_s)],
  ["Phục vụ trung bình", (each) => span(each.serve_s)],
];

async function drawPast() {
  const [first, last] = [day(1 - DAYS), day()];
  const query = new URLSearchParams({ by: "day", hall, from: first, to: last });
  files("lived", query);
  const [days, services, weeks] = await Promise.all([
    ask(`/api/table/lived?${query}`),
    ask(`/api/table/services?${new URLSearchParams({ hall, from: first, to: last })}`),
    ask(`/api/table/lived?${new URLSearchParams({ by: "week", hall, from: day(1 - 7 * WEEKS), to: last })}`),
  ]);
  fill(byId("days"), [["Ngày", (each) => each.id ? [dayWords(each.name), ...(each.late ? [" ", el("span", { class: "disputed" }, "đang đối chiếu")] : [])] : each.name, true], ...PEOPLE, ["Đánh giá", (each) => each.rated]], [...days.lines].reverse(), days.total);
  fill(byId("by-service"), [["Dịch vụ", (each) => each.name, true], ...PEOPLE], services.lines, services.total);
  byId("late").replaceChildren(...(days.late.length ? [el("span", { class: "disputed" }, "đang đối chiếu")] : []));
  const most = Math.max(1, ...weeks.lines.map((each) => each.issued));
  byId("weeks").replaceChildren(...(weeks.lines.length ? weeks.lines.map((each) => {
    const bar = el("i", { "aria-hidden": "true" });
    bar.style.height = `${100 * each.issued / most}%`;
    return el("li", { title: `Tuần từ ${dayWords(each.name)}: ${number(each.issued)} phiếu, chờ ${span(each.wait_s)}` }, el("b", {}, number(each.issued)), bar, el("span", {}, each.name.slice(8, 10) + "/" + each.name.slice(5, 7)));
  }) : [el("li", { class: "muted" }, "Chưa có")]));
}

async function look() {
  try {
    drawNow(await ask(`/api/hall/${encodeURIComponent(hall)}`));
  } catch (error) {
    trouble(error.message);
  }
  setTimeout(look, LOOK_MS);
}
look();
drawPast().catch((error) => trouble(error.message));
