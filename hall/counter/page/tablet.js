// A counter's tablet: calm while nobody is served, five faces when somebody is, a way back for 5 s.
// A score is sent at the touch and taken back by a second message: what was said is never lost.

/** One id for one act of a person. (randomUUID is missing on plain http.) */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const UNDO_MS = 5000, REASONS_MS = 9000, THANKS_MS = 3000, AFTER_MS = 60000, POLL_MS = 2000;
const EYES = "M12 2.8a9.2 9.2 0 1 1 0 18.4a9.2 9.2 0 0 1 0-18.4z M8.7 10v.4 M15.3 10v.4 ";
const FACES = [
  { score: 5, look: "good", vi: "Rất hài lòng", en: "Very satisfied", mouth: "M7 13.2h10c-.4 3.2-2.4 4.8-5 4.8s-4.6-1.6-5-4.8z" },
  { score: 4, look: "good", vi: "Hài lòng", en: "Satisfied", mouth: "M7.6 14.2c2.3 3 6.5 3 8.8 0" },
  { score: 3, look: "middle", vi: "Bình thường", en: "Neutral", mouth: "M8 15.4h8" },
  { score: 2, look: "bad", vi: "Chưa hài lòng", en: "Not satisfied", mouth: "M8 16.6c2.1-2.2 5.9-2.2 8 0" },
  { score: 1, look: "bad", vi: "Rất không hài lòng", en: "Very unsatisfied", mouth: "M7.4 17.4c1.3-4.6 7.9-4.6 9.2 0 M7 7.2l2.8 1.1 M17 7.2l-2.8 1.1" },
];
const WHOLE = { id: null, name: "Ông/bà có hài lòng với lần phục vụ này không?", en: "Were you satisfied with this visit?" };
const counter = decodeURIComponent(location.pathname.split("/").pop());
const base = `/api/rating/${encodeURIComponent(counter)}`;
const byId = (id) => document.getElementById(id);

let told = null;            // what the hall said last
let page = "idle";
let asked = null;           // { ticket, number, question }: whom the page is about
let given = null;           // { face, reason, until }
let done = new Set();       // tickets that have answered, or let the page go by
let freeAt = null;          // when a page about somebody who has gone turns calm again
let failures = 0;

const questions = () => (told.questions.length ? told.questions : [WHOLE]);

function picture(face) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", face.look);
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", EYES + face.mouth);
  svg.append(path);
  return svg;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(words);
  made.addEventListener("click", act);
  return made;
}

for (const face of FACES) {
  const made = button("", () => choose(face));
  const words = document.createElement("span");
  const english = document.createElement("small");
  words.textContent = face.vi;
  english.textContent = face.en;
  english.lang = "en";
  words.append(english);
  made.dataset.score = face.score;
  made.replaceChildren(picture(face), words);
  byId("faces").append(made);
}
byId("again").addEventListener("click", chooseAgain);

async function poll() {
  try {
    const answer = await fetch(base, { cache: "no-store", signal: AbortSignal.timeout(6000) });
    if (answer.status === 403) location.assign("/ghep");
    if (!answer.ok) throw new Error(String(answer.status));
    told = await answer.json();
    failures = 0;
  } catch { failures += 1; }
  step();
  setTimeout(poll, POLL_MS);
}

/** Sent in order, one after the other, each with its id on every try. */
let sending = Promise.resolve();
function send(verb, body) {
  const text = JSON.stringify({ ...body, id: newId() });
  const once = () => fetch(`${base}/${verb}`, { method: "POST", body: text, headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(9000) });
  sending = sending.then(async () => {
    for (const pause of [1000, 1000, 2000, null]) {
      try { if ((await once()).status < 500) return; } catch { /* tried again */ }
      if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    failures += 1;
  });
}

const about = (question) => ({ ticket: asked.ticket, ...(question.id ? { question: question.id } : {}) });

function choose(face) {
  if (page !== "faces" || asked === null) return;
  const question = questions()[asked.question];
  send("rate", { score: face.score, ...about(question) });
  given = { face, reason: null, until: Date.now() + (told.reasons.length ? REASONS_MS : UNDO_MS) };
  show("given");
}

function chooseAgain() {
  if (page !== "given") return;
  send("unrate", about(questions()[asked.question]));
  given = null;
  show("faces");
}

function explain(reason) {
  if (page !== "given" || given.reason !== null) return;
  const question = questions()[asked.question];
  send("unrate", about(question));
  send("rate", { score: given.face.score, reason: reason.id, ...about(question) });
  given = { ...given, reason: reason.id, until: Date.now() + UNDO_MS };
  show("given");
}

function answered() {
  given = null;
  if (asked.question + 1 < questions().length) {
    asked = { ...asked, question: asked.question + 1 };
    show("faces");
    return;
  }
  done.add(asked.ticket);
  given = { until: Date.now() + THANKS_MS };
  show("thanks");
}

function step() {
  byId("trouble").hidden = failures < 2;
  if (told === null) return;
  byId("hall").textContent = told.hall;
  byId("counter").textContent = told.name;
  const now = Date.now();
  if (page === "given" || page === "thanks") {
    if (page === "given") countDown(now);
    if (now < given.until) return;
    if (page === "given") { answered(); return; }
    given = asked = null;
    show("idle");
  }
  const person = told.person;
  if (person !== null && !done.has(person.ticket) && asked?.ticket !== person.ticket) {
    asked = { ticket: person.ticket, number: person.number, question: 0 };
    freeAt = null;
    show("faces");
  }
  if (page !== "faces") return;
  // Who has been served stands up and may still answer; then the tablet is calm again.
  if (person === null || !person.serving) freeAt ??= now + AFTER_MS; else freeAt = null;
  if (freeAt !== null && now >= freeAt) {
    done.add(asked.ticket);
    asked = freeAt = null;
    show("idle");
  }
}

function countDown(now) {
  byId("again").textContent = `Chọn lại – ${Math.max(1, Math.ceil((given.until - now) / 1000))} giây · Choose again`;
}

function show(next) {
  page = next;
  document.body.dataset.page = next;
  if (next === "faces") {
    const question = questions()[asked.question];
    byId("number").textContent = `Số ${asked.number}`;
    byId("ask").textContent = question.name;
    byId("ask-en").textContent = question.en ?? "";
  }
  if (next === "given") {
    byId("chosen").replaceChildren(picture(given.face));
    byId("chosen-word").textContent = given.face.vi;
    byId("why").hidden = !told.reasons.length || given.reason !== null;
    byId("noted").hidden = given.reason === null;
    byId("reasons").replaceChildren(...told.reasons.map((reason) => button(reason.name, () => explain(reason))));
    countDown(Date.now());
  }
}

setInterval(step, 250);
poll();
