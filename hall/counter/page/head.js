// The application of the head of the hall: five pages behind one address, drawn anew as the hall changes.

import { showTrouble, shown, text, watch } from "/static/live.js";
import { drawWith, html, render } from "/static/head-view.js";
import { HEADS, OTHERS, showCurrent } from "/static/ways.js";
import { Now } from "/static/head-now.js";
import { Today, Weeks } from "/static/head-figures.js";
import { Who } from "/static/head-acts.js";
import { Deeds } from "/static/head-deeds.js";

const PAGES = { "luc-nay": Now, "hom-nay": Today, "cac-tuan": Weeks, "ai-lam-gi": Who, viec: Deeds };
const app = document.getElementById("app");
const tabs = document.getElementById("tabs");

const here = () => (location.hash.slice(1) in PAGES ? location.hash.slice(1) : "luc-nay");

function draw() {
  showTrouble();
  const setting = shown.get("setting");
  if (!setting || !shown.has("hall")) return;
  text("hall-name", setting.hall.name);
  const Page = PAGES[here()];
  const concerns = shown.get("head/watch")?.warnings.length ?? 0;
  document.title = `${concerns ? `(${concerns}) ` : ""}${HEADS[here()]} – Điều hành`;
  render(html`${Object.entries(HEADS).map(([page, name]) => html`<a key=${page} href=${`/dieu-hanh#${page}`} aria-current=${page === here() ? "page" : null}>${name}${page === "luc-nay" && concerns > 0 ? html`<i class="count">${concerns}</i>` : ""}</a>`)}${Object.entries(OTHERS).map(([path, name]) => html`<a key=${path} href=${path}>${name}</a>`)}`, tabs);
  showCurrent();
  render(html`<${Page} key=${here()} />`, app);
}

app.replaceChildren();
drawWith(draw);
window.addEventListener("hashchange", () => { draw(); app.scrollTo(0, 0); });
watch(draw, ["head"]);
