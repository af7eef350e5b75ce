// Lúc này: what to see to, every counter and service live, faulty devices, the dossiers' figures.

import { serviceName, shown } from "/static/live.js";
import { FIGURE, STATUS } from "/static/words.js";
import { NONE, ago, dayText, html, number } from "/static/head-view.js";

const CONCERN = { nobody_serves: "Không có quầy", long_wait: "Chờ lâu", idle_counter: "Quầy rảnh" };

export function Now() {
  const setting = shown.get("setting");
  const watch = shown.get("head/watch") ?? { warnings: [], oldest: {}, since: {}, known: false };
  return html`<div class="now"><h1 class="unseen">Lúc này</h1>
    <${Totals} setting=${setting} watch=${watch} />
    <${Concerns} watch=${watch} />
    <section class="card"><h2>Thiết bị</h2><${Devices} /><p class="note"><a href="/thiet-bi">Từng thiết bị, từ lúc nào, làm gì</a></p></section>
    <section class="card desks"><h2>Các quầy</h2><ul class="desk-list">${setting.counters.map((each) => html`<${Desk} key=${each.id} each=${each} since=${watch.since[each.id]} />`)}</ul></section>
    <section class="card"><h2>Các dịch vụ</h2><${Services} setting=${setting} watch=${watch} /></section>
    <section class="card"><h2>Hồ sơ một cửa</h2><${Dossiers} /></section>
  </div>`;
}

function Totals({ setting, watch }) {
  const hall = shown.get("hall");
  const counters = setting.counters.map((each) => shown.get(`counter/${each.id}`)?.status ?? "closed");
  const longest = Object.values(watch.oldest).reduce((old, each) => (old === null || each.since < old.since ? each : old), null);
  const open = counters.filter((status) => status !== "closed" && status !== "paused").length;
  const facts = [
    ["đang chờ", hall ? number(hall.waiting) : NONE, ""],
    ["chờ lâu nhất", longest ? `${ago(longest.since)} phút` : NONE, longest ? `số ${longest.number}` : watch.known ? "không ai chờ" : "đang đọc sổ…"],
    ["quầy đang mở", `${open}/${counters.length}`, ""],
    ["đã phục vụ hôm nay", hall ? number(hall.served_today) : NONE, ""],
  ];
  return html`<section class="totals" aria-label="Tổng quát">${facts.map(([name, value, more]) => html`<p class="card"><strong>${value}</strong><span>${name}</span>${more && html`<small class="muted">${more}</small>`}</p>`)}</section>`;
}

function Concerns({ watch }) {
  return html`<section class="card concerns" data-any=${watch.warnings.length > 0}><h2>Cần xem ngay</h2>
    <ul class="alerts" aria-live="polite">${watch.warnings.map((each) => html`<li key=${each.concern + each.place} data-concern=${each.concern}><em>${CONCERN[each.concern]}</em><b>${each.text}</b>${each.advice}</li>`)}</ul>
    ${watch.warnings.length === 0 && html`<p class="calm">✓ Không ai chờ quá định mức, không quầy nào rảnh khi có người chờ.</p>`}</section>`;
}

function Desk({ each, since }) {
  const state = shown.get(`counter/${each.id}`);
  const status = state?.status ?? "closed";
  const facts = [each.serves.map(serviceName).join(", "), state?.sent?.count ? `${state.sent.count} người được chuyển đến` : ""].filter(Boolean).join(" · ");
  return html`<li data-status=${status}><header><b>${each.name}</b><span class="state" data-status=${status}>${STATUS[status]}</span></header>
    <p class="desk-number">${state?.ticket?.number ?? NONE}</p><small class="muted">${since ? `${ago(since)} phút` : ""}</small><small class="serves" title=${facts}>${facts}</small></li>`;
}

function Services({ setting, watch }) {
  return html`<div class="wide" tabindex="0"><table class="figures"><thead><tr><td></td><th scope="col">Đang chờ</th><th scope="col">Chờ lâu nhất</th><th scope="col">Ước chờ nếu lấy số bây giờ</th><th scope="col">Cấp số</th></tr></thead>
    <tbody>${setting.services.map((each) => {
      const state = shown.get(`service/${each.id}`);
      const oldest = watch.oldest[each.id];
      return html`<tr key=${each.id}><th scope="row">${each.name}</th><td>${number(state?.waiting)}</td><td>${oldest ? `${ago(oldest.since)} phút (${oldest.number})` : NONE}</td>
        <td>${state?.wait_min ? `${state.wait_min[0]}–${state.wait_min[1]} phút` : NONE}</td><td>${state ? (state.open ? "đang cấp" : html`<b class="wrong">không cấp</b>`) : NONE}</td></tr>`;
    })}</tbody></table></div>`;
}

function Devices() {
  const entries = [...shown.entries()];
  const faults = entries.filter(([key]) => key.startsWith("dev-alert/")).map(([key, alert]) => [key.split("/")[1], alert.text, alert.advice]);
  const lost = entries.filter(([key, state]) => key.startsWith("dev-status/") && state.state === "lost").map(([key]) => [key.split("/")[1], "Mất kết nối", "Kiểm tra điện, dây mạng của máy này; còn mất thì gọi kỹ thuật viên."]);
  const all = [...faults, ...lost].sort();
  const well = entries.filter(([key, state]) => key.startsWith("dev-status/") && state.state === "ready").length;
  return html`<ul class="alerts" aria-live="polite">${all.map(([who, what, advice]) => html`<li key=${who + what}><b>${who}: ${what}</b>${advice}</li>`)}</ul>
    ${all.length === 0 && html`<p class="calm">✓ ${well} chương trình và thiết bị đều bình thường.</p>`}`;
}

function Dossiers() {
  const told = shown.get("head/dossiers");
  const status = shown.get("ext-status");
  if (!told) return html`<p class="none">${status?.state === "ready" ? "Phần mềm một cửa chưa gửi số liệu." : "Chưa nối với phần mềm một cửa: chưa có số liệu."}</p>`;
  const period = told.from && told.to ? `${dayText(told.from)} – ${dayText(told.to)}` : "";
  return html`<dl class="dossiers" data-age=${told.age}><dt>${FIGURE.received}</dt><dd>${told.received}</dd><dt>${FIGURE.early_or_on_time}</dt><dd>${told.in_time} <small>${told.percent} ${told.base}</small></dd><dt>${FIGURE.overdue}</dt><dd>${told.overdue}</dd></dl>
    <p class="note">${[period, told.as_of, told.doubt].filter(Boolean).join(" · ")}</p>`;
}
