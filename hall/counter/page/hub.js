// The worker that all tabs of a browser share: it holds the one stream and tells every tab.

import { follow, keeper } from "/static/stream.js";

// A tab says that it is there as it hears; one that is gone may not have got round to saying so.
const GONE_MS = 15000;
const tabs = new Map();
const kept = keeper();
// Opened for the first tab that wants it: a worker may be started for a page that is gone by then.
let link = null;

function tell(news) {
  kept.take(news);
  for (const [tab, saidAt] of tabs) {
    if (Date.now() - saidAt > GONE_MS) leave(tab);
    else tab.postMessage(news);
  }
}

/** A browser may keep the worker of a page that it keeps for the back button: without a stream. */
function leave(tab) {
  if (!tabs.delete(tab) || tabs.size > 0) return;
  link.end();
  kept.take({ cause: "opening" });
}

self.addEventListener("connect", (event) => {
  const tab = event.ports[0];
  tab.addEventListener("message", ({ data }) => {
    if (data.leave) { leave(tab); return; }
    if (data.want || tabs.has(tab)) tabs.set(tab, Date.now());
    if (!data.want) return;
    link ??= follow(tell);
    link.want(data.want);
    tab.postMessage(kept.whole());
  });
  tab.start();
});
