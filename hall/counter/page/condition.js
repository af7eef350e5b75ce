// Each part of the hall in the doctor's words: what is wrong first, since when, and what to do.

import { byId, el, fill, hallNow, showTrouble, shown, text, watch, zone } from "/static/live.js";
import { showWays } from "/static/ways.js";

/** A moment, with its day where it is not today. */
function when(iso) {
  const part = (options, at) => new Intl.DateTimeFormat("vi-VN", { timeZone: zone(), ...options }).format(at);
  const day = { day: "2-digit", month: "2-digit" };
  const at = Date.parse(iso);
  const clock = part({ hour: "2-digit", minute: "2-digit" }, at);
  return part(day, at) === part(day, hallNow()) ? clock : `${clock} ngày ${part(day, at)}`;
}

function row(finding) {
  const moments = [
    finding.since && `từ ${when(finding.since)}`,
    finding.last_seen && `thấy lần cuối ${when(finding.last_seen)}`,
  ].filter(Boolean).join(" · ");
  return el("li", { "data-well": String(finding.well) },
    el("b", {}, finding.name), el("span", { class: "state" }, finding.state), el("span", { class: "muted" }, moments),
    finding.text ? el("p", {}, finding.text) : null,
    finding.advice ? el("p", { class: "advice" }, `→ ${finding.advice}`) : null);
}

function render() {
  showTrouble();
  const hall = shown.get("setting")?.hall;
  if (hall) text("hall-name", hall.name);
  const found = [...shown].filter(([key]) => key.startsWith("finding/")).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const wrong = found.filter((each) => !each.well);
  if (found.length) text("summary", wrong.length ? `${wrong.length} việc cần xem` : "Mọi thứ tốt");
  fill(byId("wrong"), wrong, () => (wrong.length ? wrong.map(row) : [el("li", { class: "none" }, found.length ? "Không có gì." : "…")]));
  fill(byId("well"), found, () => found.filter((each) => each.well).map(row));
}

showWays();
watch(render, ["finding"]);
