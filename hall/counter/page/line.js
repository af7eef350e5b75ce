// The list of who waits for a counter, whole and in the order of calling.

import { clockText, counterName, el, fill, minutesSince, serviceName } from "/static/live.js";

const WHY = {
  help: "quầy này giúp dịch vụ đó",
  arrival: "chờ lâu nhất",
  priority: "trước người đến sớm hơn",
  placed: "được xếp lên trước",
};

/** `held`: ids of tickets that are at a counter by now, though the list is not new yet. */
export function drawLine(node, line, held) {
  const turns = (line?.turns ?? []).map((turn, at) => ({ ...turn, at })).filter((turn) => !held.has(turn.ticket));
  const order = turns.map((turn) => turn.ticket);
  const minutes = turns.map((turn) => minutesSince(turn.since));
  fill(node, [line === undefined, line?.count, turns, minutes], () => {
    if (line === undefined) return [el("p", { class: "none" }, "Đang lấy danh sách…")];
    if (turns.length === 0) return [el("p", { class: "none" }, "Chưa có ai chờ.")];
    const rows = (some) => el("ol", { class: "turns" }, ...some.map((turn) => row(turn, order.indexOf(turn.ticket) + 1)));
    const sent = turns.filter((turn) => turn.why === "sent");
    const others = turns.filter((turn) => turn.why !== "sent");
    return [
      ...(sent.length ? [el("h3", {}, "Được chuyển đến quầy này"), rows(sent)] : []),
      ...(others.length ? [...(sent.length ? [el("h3", {}, "Theo dịch vụ")] : []), rows(others)] : []),
      ...(line.count > line.turns.length ? [el("p", { class: "none" }, `… và ${line.count - line.turns.length} người nữa`)] : []),
    ];
  });
}

/** Its place in the order is said also where those sent here stand above the others. */
function row(turn, place) {
  const next = place === 1;
  const reason = turn.why === "arrival" && !next ? null : WHY[turn.why] ?? null;
  return el("li", { class: next ? "turn is-next" : "turn" },
    el("span", { class: "place" }, next ? "kế tiếp" : `${place}.`),
    el("b", {}, turn.number),
    el("span", { class: "what" }, el("span", { class: "of" }, serviceName(turn.service)), turn.priority ? el("em", { class: "priority" }, "Ưu tiên") : null, reason ? el("em", { class: "why" }, reason) : null),
    el("span", { class: "since" }, `${minutesSince(turn.since)} phút`, el("small", {}, `từ ${clockText(Date.parse(turn.since))}`)));
}

/** Who is next, in a few words; null when nobody waits. */
export function nextOf(line, held) {
  const turn = (line?.turns ?? []).find((each) => !held.has(each.ticket));
  if (!turn) return null;
  return { number: turn.number, words: `${turn.number} · ${serviceName(turn.service)}${turn.priority ? " · ưu tiên" : ""} · chờ ${minutesSince(turn.since)} phút` };
}

export const recentRow = (each) => el("li", {}, el("b", {}, each.number), ` → ${counterName(each.counter)}`, el("span", {}, clockText(Date.parse(each.at))));
