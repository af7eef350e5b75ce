// The way between the pages of the head of the hall and of the technician.

import { byId, el, fill, toldBy } from "/static/live.js";

/** Of the head's application, by the word behind # in its address. */
export const HEADS = { "luc-nay": "Lúc này", "hom-nay": "Hôm nay", "cac-tuan": "Các tuần", "ai-lam-gi": "Ai làm gì", viec: "Việc" };
/** Pages of their own, which a technician's browser has too. */
export const OTHERS = { "/thiet-bi": "Thiết bị", "/may": "Máy đã ghép", "/can-bo": "Cán bộ" };

/** Draw the way on one of the others: to those alone that this browser was paired for. */
export async function showWays() {
  const me = await toldBy("/api/me");
  const heads = me.places?.includes("head") ? Object.entries(HEADS).map(([page, name]) => [`/dieu-hanh#${page}`, name]) : [];
  const link = ([path, name]) => el("a", { href: path, "aria-current": path === location.pathname ? "page" : null }, name);
  fill(byId("tabs"), me, () => [...heads, ...Object.entries(OTHERS)].map(link));
  showCurrent();
}

let inSight = null;
/** Bring the tab of this page into the sight of a narrow screen, once: who looks along the bar is not pulled back. */
export function showCurrent() {
  const current = byId("tabs").querySelector("[aria-current]");
  if (current === null || current === inSight) return;
  inSight = current;
  current.scrollIntoView({ inline: "center", block: "nearest" });
}
