// The worker that all tabs of a browser share: it holds the one stream and tells every tab.

import { follow, keeper } from "/static/stream.js";

const tabs = new Set();
const kept = keeper();
const link = follow((news) => {
  kept.take(news);
  for (const tab of tabs) tab.postMessage(news);
});

self.addEventListener("connect", (event) => {
  const tab = event.ports[0];
  tab.addEventListener("message", ({ data }) => {
    if (data.leave) {
      tabs.delete(tab);
      // A browser may keep the worker of a page that it keeps for the back button.
      if (tabs.size === 0) {
        link.end();
        kept.take({ cause: "opening" });
      }
      return;
    }
    tabs.add(tab);
    link.want(data.want);
    tab.postMessage(kept.whole());
  });
  tab.start();
});
