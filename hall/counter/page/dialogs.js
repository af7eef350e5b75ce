// The call page's dialogs: what each asks for, and that it acts only on whom it was opened for.

import { byId, el, fill, shown, toast } from "/static/live.js";

const AWAY = { closed: "đang đóng", paused: "tạm nghỉ" };
const option = (name, value, label, note = null, checked = false) => el("label", {}, el("input", { type: "radio", name, value, required: true, checked }), el("span", {}, label, note ? el("small", {}, note) : null));

/** What keeps a counter from calling just now. */
const counterNote = (id) => AWAY[shown.get(`counter/${id}`)?.status] ?? null;

/** The same for a service: a person stopped it, or every counter that calls it is away. */
function serviceNote(service, setting) {
  const able = setting.counters.filter((each) => each.serves.includes(service) || each.helps.includes(service)).map((each) => shown.get(`counter/${each.id}`)?.status);
  if (able.every((status) => status in AWAY)) return able.includes("paused") ? "các quầy tạm nghỉ" : "các quầy đang đóng";
  return shown.get("hall")?.open && shown.get(`service/${service}`)?.open === false ? "đã ngừng cấp số" : null;
}

const FILL = {
  transfer(me) {
    const setting = shown.get("setting");
    const services = setting.services.map((each) => [`service:${each.id}`, each.name, serviceNote(each.id, setting)]);
    const counters = setting.counters.filter((each) => each.id !== me).map((each) => [`counter:${each.id}`, each.name, counterNote(each.id)]);
    const all = [...services, ...counters];
    fill(byId("transfer-to"), all, () => [el("legend", {}, "Đến đâu?"), ...all.map((each) => option("to", ...each))]);
  },
  finish() {
    const outcomes = shown.get("setting").outcomes;
    const draw = () => {
      const chosen = new FormData(byId("finish").querySelector("form")).get("outcome") ?? outcomes[0].name;
      const notes = outcomes.find((each) => each.name === chosen)?.notes ?? [];
      byId("notes").hidden = notes.length === 0;
      byId("notes").replaceChildren(el("legend", {}, "Ghi chú"), option("note", "", "Không có", null, true), ...notes.map((note) => option("note", note, note)));
    };
    byId("outcomes").replaceChildren(el("legend", {}, "Kết quả"), ...outcomes.map((each, at) => option("outcome", each.name, each.name, null, at === 0)));
    byId("outcomes").onchange = draw;
    draw();
  },
};

/** What a dialog's answer means: the fields of the act. */
const ACT = {
  transfer(form) {
    const to = form.get("to");
    const at = to.indexOf(":");
    return { to: { [to.slice(0, at)]: to.slice(at + 1) }, position: form.get("position") };
  },
  park(form) {
    const minutes = form.get("other") || form.get("minutes");
    return minutes ? { minutes: Number(minutes) } : {};
  },
  finish: (form) => ({ outcome: [form.get("outcome"), form.get("note")].filter(Boolean).join(": ") }),
  "call-ticket": (form) => ({ number: String(form.get("number")).trim().toUpperCase() }),
};

export const openOne = () => document.querySelector("dialog[open]");

/** `done(verb, body, seen)` is called once when a dialog is answered; false keeps it open. */
export function dialogs(done) {
  let seen = {};
  for (const dialog of document.querySelectorAll("dialog")) {
    const form = dialog.querySelector("form");
    for (const leave of dialog.querySelectorAll("[data-leave]")) leave.addEventListener("click", () => dialog.close("cancel"));
    form.addEventListener("submit", async (event) => {
      if (!(dialog.id in ACT)) return;
      event.preventDefault();
      if (!dialog.open) return;
      if (await done(dialog.id, ACT[dialog.id](new FormData(form)), seen) !== false && dialog.open) dialog.close("ok");
    });
    // Enter is the dialog's act wherever the focus is, but on a button, which it presses.
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.repeat || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value]"));
    });
  }
  return function open(id, me, ticket, asked) {
    const dialog = byId(id);
    for (const span of dialog.querySelectorAll(".dialog-number")) { span.textContent = ticket?.number ?? ""; dialog.dataset.ticket = ticket?.id ?? ""; }
    seen = asked;
    dialog.querySelector("form").reset();
    FILL[id]?.(me);
    dialog.showModal();
  };
}

/** A dialog about a person who is no longer here says so and goes. */
export function leaveDialog(ticket) {
  const dialog = openOne();
  if (!dialog || dialog.dataset.ticket === undefined || dialog.dataset.ticket === (ticket?.id ?? "")) return;
  dialog.close("cancel");
  toast(`Số ${dialog.querySelector(".dialog-number").textContent} không còn ở quầy này.`, "bad");
}
