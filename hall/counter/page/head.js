// The application of the head of the hall: five pages behind one address, drawn anew as the hall changes.

import { showTrouble, shown, text, watch } from "/static/live.js";
import { drawWith, html, render } from "/static/head-view.js";
import { Now } from "/static/head-now.js";
import { Today, Weeks } from "/static/head-figures.js";
import { Who } from "/static/head-acts.js";
import { Deeds } from "/static/head-deeds.js";

const PAGES = { "luc-nay": ["Lúc này", Now], "hom-nay": ["Hôm nay", Today], "cac-tuan": ["Các tuần", Weeks], "ai-lam-gi": ["Ai làm gì", Who], viec: ["Việc", Deeds] };
const app = document.getElementById("app");
const tabs = document.getElementById("tabs");

const here = () => (location.hash.slice(1) in PAGES ? location.hash.slice(1) : "luc-nay");

function draw() {
  showTrouble();
  const setting = shown.get("setting");
  if (!setting || !shown.has("hall")) return;
  text("hall-name", setting.hall.name);
  const [title, Page] = PAGES[here()];
  const concerns = shown.get("head/watch")?.warnings.length ?? 0;
  document.title = `${concerns ? `(${concerns}) ` : ""}${title} – Điều hành`;
  render(html`${Object.entries(PAGES).map(([page, [name]]) => html`<a key=${page} href=${`#${page}`} aria-current=${page === here() ? "page" : null}>${name}${page === "luc-nay" && concerns > 0 ? html`<i class="count">${concerns}</i>` : ""}</a>`)}`, tabs);
  render(html`<${Page} key=${here()} />`, app);
}

app.replaceChildren();
drawWith(draw);
window.addEventListener("hashchange", () => { draw(); app.scrollTo(0, 0); });
watch(draw, ["head"]);
