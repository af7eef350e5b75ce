// One connection a browser: its tabs hear the hall through a shared worker; where a browser has
// none (Chrome on Android), through the tab that leads.

import { follow, keeper } from "/static/stream.js";

const ASK_MS = 400;
const LEADER_SILENT_MS = 5000;
const WORKER_SILENT_MS = 8000;
// Well within GONE_MS of hub.js.
const SAY_MS = 4000;
const LOOK_MS = 500;

/** Hear the hall's news; `parts`: what this page asks for beside what all are sent. */
export function hearHall(tell, parts) {
  if (typeof SharedWorker === "function") throughWorker(tell, parts);
  else throughLeader(tell, parts);
}

function throughWorker(tell, parts) {
  let port = null;
  let heardAt = Date.now();
  let saidAt = heardAt;
  const join = () => {
    heardAt = Date.now();
    const worker = new SharedWorker("/static/hub.js", { type: "module", name: "motcua" });
    port = worker.port;
    port.addEventListener("message", ({ data }) => {
      heardAt = Date.now();
      if (heardAt - saidAt > SAY_MS) { saidAt = heardAt; port.postMessage({ here: true }); }
      tell(data);
    });
    port.start();
    port.postMessage({ want: parts });
  };
  join();
  // A page that the browser keeps for the back button comes back as a new tab would.
  addEventListener("pagehide", () => port.postMessage({ leave: true }));
  addEventListener("pageshow", (event) => { if (event.persisted) port.postMessage({ want: parts }); });
  setInterval(() => {
    if (Date.now() - heardAt < WORKER_SILENT_MS) return;
    tell({ cause: "silent" });
    join();
  }, LOOK_MS);
}

/** The tab with the smallest mark leads; who hears no leader for a while leads. */
function throughLeader(tell, parts) {
  const me = `${Date.now()}-${Math.random()}`;
  const channel = new BroadcastChannel("motcua");
  const wanted = new Set(parts);
  const kept = keeper();
  let link = null;
  let patience = ASK_MS;
  let heardAt = Date.now();

  const lead = () => {
    link = follow((news) => { kept.take(news); channel.postMessage({ from: me, news }); tell(news); });
    link.want(wanted);
  };
  const follower = (data) => {
    heardAt = Date.now();
    patience = LEADER_SILENT_MS + Math.random() * 1000;
    tell(data.news);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data.want) {
      for (const each of data.want) wanted.add(each);
      if (link) { link.want(data.want); channel.postMessage({ from: me, news: kept.whole() }); }
    } else if (!link) follower(data);
    else if (data.from < me) { link.end(); link = null; channel.postMessage({ want: [...wanted] }); }
  });
  channel.postMessage({ want: parts });
  setInterval(() => { if (!link && Date.now() - heardAt > patience) lead(); }, LOOK_MS / 5);
  addEventListener("pagehide", () => { link?.end(); link = null; heardAt = Date.now(); });
}
