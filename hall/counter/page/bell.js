// A chime and a desktop notification: when someone comes to an empty line, and after a long silence.

const KEPT = "motcua-bell";
const RANG = "motcua-rang";
// Of several tabs of one counter one rings.
const APART_MS = 3000;
let context = null;

const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing asks again */ } };

/** "on", "off", or null while nobody has been asked. */
export const bell = () => stored(KEPT);

/** Within a click: browsers let nobody ring, nor ask to notify, before one. */
export function setBell(on) {
  keep(KEPT, on ? "on" : "off");
  if (!on) return;
  wake();
  // Only over https or on the machine itself; elsewhere the chime has to do.
  if (typeof Notification === "function" && Notification.permission === "default") Notification.requestPermission();
}

/** A click after a reload gives the sound back. */
export function wake() {
  if (bell() !== "on" || typeof AudioContext !== "function") return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

export function ring(counter, words) {
  const last = Number(stored(`${RANG}-${counter}`));
  if (bell() !== "on" || Math.abs(Date.now() - last) < APART_MS) return;
  keep(`${RANG}-${counter}`, String(Date.now()));
  chime();
  if (typeof Notification !== "function" || Notification.permission !== "granted") return;
  try { new Notification(words, { tag: `motcua-${counter}`, icon: "/static/icon.svg" }); } catch { /* Chrome on Android has none for a page */ }
}

/** Two soft tones, so that no file has to come over the network. */
function chime() {
  if (context === null) return;
  for (const [at, pitch] of [[0, 660], [0.22, 880]]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    const start = context.currentTime + at;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.55);
  }
}

/** Says when to ring: `look(waiting, first, free, ver)` after every change and each second. */
export function watchman(counter, remindMs, now) {
  let before = null;
  let quietSince = now();
  let ver = null;
  return function look(waiting, first, free, at) {
    if (at !== ver) { ver = at; quietSince = now(); }
    if (waiting === 0) quietSince = now();
    if (before === 0 && waiting > 0 && free) ring(counter, `Có người chờ: ${first}`);
    before = waiting;
    if (remindMs() > 0 && waiting > 0 && free && now() - quietSince >= remindMs()) {
      quietSince = now();
      ring(counter, `${waiting} người đang chờ, quầy chưa gọi ai: kế tiếp ${first}`);
    }
  };
}
