// One stream of the hall's states for all pages of a browser: read, timed, opened again.

// The server says something every 2 s (_BEAT_S in streams.py).
const SILENCE_MS = 5000;
const LOOK_MS = 500;
const PAUSES_MS = [300, 1000, 2000, 4000];
// Nothing that mends itself in a moment: asked for again without haste.
const LONG = ["withdrawn", "unsigned", "full"];
const LONG_MS = 5000;
const TOO_MANY = ["day", "nhieu-the"];
const OTHER_PERSON = "nguoi-khac";

/**
 * Follow the hall. `tell` gets news: {whole, ahead} once a stream has opened, then {changed} and
 * {beat}, and {cause, words?} when it has ended. `ahead`: ms of the hall's clock before ours.
 */
export function follow(tell) {
  const parts = new Set();
  let me = null;
  let current = null;
  let failures = 0;
  let fresh = true;
  let resting = false;
  let timer = 0;

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  }

  async function open() {
    current?.abort.abort();
    const mine = current = { abort: new AbortController(), heardAt: Date.now(), silent: false };
    const news = await read(mine).catch(() => ({ cause: mine.silent ? "silent" : "network" }));
    if (current !== mine) return;
    current = null;
    failures += 1;
    tell(news);
    later(LONG.includes(news.cause) ? LONG_MS : PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1]);
  }

  async function read(mine) {
    const wanted = [...parts].map((each) => `xem=${encodeURIComponent(each)}`).join("&");
    const answer = await fetch(`/events?${wanted}`, { signal: mine.abort.signal, cache: "no-store" });
    mine.heardAt = Date.now();
    if (answer.status === 401) return { cause: "unsigned" };
    if (answer.status === 403) return { cause: "withdrawn" };
    if (answer.status === 503) return { cause: "busy", words: await answer.text() };
    if (!answer.ok) return { cause: "server" };
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    const date = Date.parse(answer.headers.get("date"));
    const ahead = Number.isNaN(date) ? 0 : date - Date.now();
    let held = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { cause: "ended" };
      if (current !== mine) return { cause: "ended" };
      mine.heardAt = Date.now();
      const blocks = (held + decoder.decode(value, { stream: true })).split("\n\n");
      held = blocks.pop();
      for (const block of blocks) {
        const end = hear(block, ahead);
        if (end) return end;
      }
    }
  }

  function hear(block, ahead) {
    const lines = block.split("\n");
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
    const data = lines.find((line) => line.startsWith("data: "));
    if (event === "hello") { fresh = true; me = JSON.parse(data.slice(6)); return null; }
    if (event === "beat") { tell({ beat: true }); return null; }
    if (!data) return null;
    if (event === "end") return ended(JSON.parse(data.slice(6)).cause);
    failures = 0;
    const entries = JSON.parse(data.slice(6));
    // The first message of a stream holds all there is: what it does not name is gone.
    tell(fresh ? { whole: { ...entries, me }, ahead } : { changed: entries });
    fresh = false;
    return null;
  }

  /** Why the server ends a stream: another person, too many streams, or no place here any more. */
  const ended = (why) => (why === OTHER_PERSON ? { cause: "opening" } : TOO_MANY.includes(why) ? { cause: "full" } : { cause: "withdrawn", why });

  setInterval(() => {
    if (current === null || Date.now() - current.heardAt < SILENCE_MS) return;
    current.silent = true;
    current.abort.abort();
  }, LOOK_MS);
  later(0);

  return {
    /** Also these parts (streams.py), from now on. */
    want(more) {
      const before = parts.size;
      for (const each of more) parts.add(each);
      if (parts.size > before || resting) later(0);
      resting = false;
    },
    /** No page is left, or another one follows; until `want` is asked again. */
    end() {
      resting = true;
      clearTimeout(timer);
      const mine = current;
      current = null;
      mine?.abort.abort();
    },
  };
}

/** What was told so far, for a page that comes later. */
export function keeper() {
  const entries = {};
  let ahead = 0;
  let cause = { cause: "opening" };
  return {
    take(news) {
      if (news.whole) { for (const key of Object.keys(entries)) delete entries[key]; Object.assign(entries, news.whole); ahead = news.ahead; }
      if (news.changed) Object.assign(entries, news.changed);
      for (const [key, value] of Object.entries(news.changed ?? {})) if (value === null) delete entries[key];
      cause = news.cause ? news : null;
    },
    whole: () => ({ whole: { ...entries }, ahead, ...cause }),
  };
}
