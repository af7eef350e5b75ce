// The table of all halls as it comes: names once, rows once, then once a second what changed.

/** A hall's row by name; as hall/province/watch/rows.py has them. */
const FIELDS = ["link", "heard", "waiting", "since", "open", "counters", "served", "faults", "intake", "fault"];
const SILENCE_MS = 15000;

/** `tell` is told {halls: Map, units, now, note} whenever something changed; `lost`, in words, of silence. */
export function watchRows(tell, lost) {
  const state = { halls: new Map(), units: [], now: 0, note: "" };
  let heardAt = performance.now();
  let source = null;
  let full = false;
  const put = (rows) => {
    for (const [id, row] of Object.entries(rows)) {
      const hall = state.halls.get(id);
      if (hall) FIELDS.forEach((name, place) => { hall[name] = row[place]; });
    }
  };
  const take = (told) => {
    heardAt = performance.now();
    state.now = told.now;
    state.note = told.note;
    if (told.names) {
      state.units = told.names.units;
      state.halls = new Map(told.names.halls.map((hall) => [hall.id, hall]));
    }
    put(told.rows ?? {});
    tell(state);
  };
  const open = () => {
    source?.close();
    source = new EventSource("/events");
    source.addEventListener("hello", ({ data }) => take(JSON.parse(data)));
    source.addEventListener("message", ({ data }) => take(JSON.parse(data)));
    source.addEventListener("end", ({ data }) => {
      source.close();
      // Signed out: the page itself leads to the door when it is loaded anew.
      if (JSON.parse(data).cause === "over") location.reload();
      else { full = true; lost("Đang mở quá nhiều thẻ của trang này: đóng bớt rồi tải lại thẻ này."); }
    });
  };
  open();
  setInterval(() => {
    const silent = performance.now() - heardAt;
    if (silent < SILENCE_MS) return;
    if (full) return;
    lost("Mất kết nối với máy chủ của tỉnh; đang thử lại. Các số là số cũ.");
    if (source.readyState === EventSource.CLOSED) open();
  }, 3000);
}

/** Seconds since 1970 by the province's clock, between two messages too. */
export function clockOf() {
  let told = 0;
  let at = 0;
  return { set: (now) => { told = now; at = performance.now(); }, now: () => told + (performance.now() - at) / 1000 };
}

const isUp = (hall) => hall.link === "up";

/** What stands above the table; only halls that are there now are counted. */
export function totals(halls, now) {
  const there = halls.filter(isUp);
  const sum = (name) => there.reduce((total, hall) => total + (hall[name] ?? 0), 0);
  const longest = there.reduce((found, hall) => (hall.since && (!found || hall.since < found.since) ? hall : found), null);
  return {
    all: halls.length, there: there.length, silent: halls.length - there.length,
    waiting: sum("waiting"), open: sum("open"), served: sum("served"),
    faults: halls.filter((hall) => hall.faults > 0).length,
    longest: longest ? Math.max(0, now - longest.since) : null, longestHall: longest?.short ?? "",
  };
}
