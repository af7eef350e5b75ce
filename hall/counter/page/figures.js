// Figures typed by hand: sent as they are typed, read and judged by the gateway.

import { act, byId, el } from "/static/live.js";
import { FIGURE } from "/static/words.js";

const part = (name) => `– ${FIGURE[name].toLowerCase()}`;

const COUNTS = [
  ["received.total", "Tổng tiếp nhận (gồm kỳ trước chuyển sang)"], ["received.carried_over", "– kỳ trước chuyển sang"],
  ["received.online", "– trực tuyến"], ["received.direct", "– trực tiếp"], ["received.postal", "– bưu chính"],
  ["to_resolve", "Tổng phải giải quyết"],
  ["resolved.total", FIGURE.resolved], ["resolved.early", part("early")], ["resolved.on_time", part("on_time")],
  ["resolved.early_or_on_time", `${part("early_or_on_time")} (khi chỉ biết gộp)`], ["resolved.overdue", part("overdue")],
  ["pending.total", FIGURE.pending], ["pending.in_time", "– trong hạn"], ["pending.overdue", part("overdue")],
  ["paused.total", "Tạm dừng"], ["digitised.done", "Đã số hóa"], ["digitised.total", "Phải số hóa"],
];

byId("counts").replaceChildren(...COUNTS.map(([name, label]) =>
  el("label", { class: "field" }, el("span", {}, label), el("input", { name, inputmode: "numeric", maxlength: "20", autocomplete: "off" }))));

const form = byId("figures");

function said(text, good) {
  const node = byId("said");
  node.textContent = text;
  node.className = good ? "calm" : "wrong";
  node.hidden = false;
}

async function send(sure) {
  const given = new FormData(form);
  const values = COUNTS.map(([figure]) => ({ figure, text: given.get(figure).trim() })).filter(({ text }) => text);
  if (!values.length) { said("Chưa có số nào."); return; }
  byId("send").disabled = true;
  const reply = await act("/api/device/onestop/enter-figures", { staff: given.get("staff").trim(), period: given.get("period").trim(), from: given.get("from") || null, to: given.get("to") || null, values, sure });
  byId("send").disabled = false;
  byId("sure").hidden = reply.error?.code !== "conflict";
  said(reply.status === "ok" ? "Đã nhận. Màn hình dùng số liệu này từ bây giờ." : reply.error?.text ?? "Không gửi được. Mời thử lại.", reply.status === "ok");
}

form.addEventListener("submit", (event) => { event.preventDefault(); send(false); });
byId("sure").addEventListener("click", () => send(true));
window.motcuaStarted = true;
