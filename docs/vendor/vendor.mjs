// A one-stop software on the bus of a hall, at MQTT 3.1.1: presence, figures, catalogue, look-ups,
// the queue's events without a gap, appointments. `npm install mqtt`, then
//
//   BROKER=mqtt://127.0.0.1:1883 HALL=demo PASSWORD=… node vendor.mjs
//
// `motcua onestop-check` judges it. Replace `figures`, `procedures` and `dossier` by your own data.
import mqtt from "mqtt";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const { BROKER = "mqtt://127.0.0.1:1883", HALL = "demo", PASSWORD, REPEAT_S = "45", KNOWN = "H38.12-261120-0005" } = process.env;
const H = `motcua/1/${HALL}`;
const SOURCE = "Phần mềm một cửa mẫu";
const CHUNK = 32768;
const MARK = "replayed.json";

const now = () => new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 19) + "+07:00";
const packed = (body) => JSON.stringify({ schema: 1, hall: HALL, src: "onestop", ts: now(), ...body }).normalize("NFC");
const newId = () => randomBytes(8).toString("hex");

// --- data: yours ---------------------------------------------------------------------------------

const figures = () => ({
  as_of: now(), source: SOURCE,
  periods: [{ id: "Tháng này", received: { total: 1075, carried_over: 12, online: 640, direct: 420, postal: 3 },
    resolved: { total: 884, early: 500, on_time: 380, overdue: 4 }, pending: { total: 185, in_time: 180, overdue: 5 },
    paused: { total: 6 } }],
});
const procedures = [
  { code: "1.001193", name: "Thủ tục đăng ký khai sinh", field: "Hộ tịch", time_limit: "Ngay trong ngày",
    fee_vnd: 0, fee_note: "Trong 60 ngày: không thu", documents: ["Tờ khai", "Giấy chứng sinh"] },
  { code: "1.000894", name: "Thủ tục đăng ký kết hôn", field: "Hộ tịch" },
];
const dossier = (code) => code !== KNOWN ? null : {
  code, status: 4, procedure: { code: "1.001193", name: "Thủ tục đăng ký khai sinh" },
  received_on: "2026-11-20", due_on: "2026-11-25",
  steps: [{ at: "2026-11-20T08:12:00+07:00", text: "Đã tiếp nhận hồ sơ" }],
};
const content = Buffer.from(JSON.stringify({ procedures }).normalize("NFC"));
const version = createHash("sha256").update(content).digest("hex");

// --- presence and states -------------------------------------------------------------------------

let conn = newId();
const status = (state) => packed({ state, source: SOURCE, conn });
const will = () => ({ topic: `${H}/ext/onestop/status`, payload: status("lost"), qos: 1, retain: true });
const client = mqtt.connect(BROKER, {
  protocolVersion: 4, clientId: "onestop", username: "onestop", password: PASSWORD,
  clean: true, keepalive: 30, reconnectPeriod: 1000, resubscribe: false, will: will(),
});
// A new `conn` for each connection, in the will as well.
client.on("reconnect", () => { conn = newId(); client.options.will = will(); });

const tell = (topic, text) => client.publish(`${H}/ext/onestop/${topic}`, text, { qos: 1, retain: true });
client.on("connect", () => {
  client.subscribe([`${H}/req/onestop/+/+`, `${H}/rsp/onestop`, `${H}/evt/ticket`, `${H}/ext/onestop/refused`], { qos: 1 });
  tell("status", status("ready"));
  tell("figures", packed(figures()));
  tell("catalogue", packed({ ver: version.slice(0, 12), sha256: version, count: procedures.length,
    chunks: Math.ceil(content.length / CHUNK), chunk_size: CHUNK }));
  tell("notice", packed({ lines: ["Sáng thứ bảy có tiếp nhận hồ sơ."] }));
});
setInterval(() => client.connected && tell("status", status("ready")), Number(REPEAT_S) * 1000);

// --- answers -------------------------------------------------------------------------------------

const ok = (data) => ({ status: "ok", data });
const error = (code, text) => ({ status: "error", error: { code, text } });
const said = new Map();     // id → the answer: the same id again is the same act
const asked = new Map();    // client → when it looked something up

function answer(verb, from, request) {
  switch (verb) {
    case "ping": return ok({});
    case "catalogue-chunk": {
      if (request.ver !== version.slice(0, 12)) return error("conflict", "Danh mục đã có phiên bản khác.");
      const piece = content.subarray(request.index * CHUNK, (request.index + 1) * CHUNK);
      if (!piece.length) return error("unknown", "Danh mục không có phần này.");
      return ok({ ver: request.ver, index: request.index, data: piece.toString("base64") });
    }
    case "dossier-lookup": {
      const recent = (asked.get(from) ?? []).filter((at) => at > Date.now() - 60e3);
      if (recent.length >= 10) return error("limit", "Đã tra cứu nhiều lần. Mời đợi một phút.");
      asked.set(from, [...recent, Date.now()]);
      const found = dossier(request.code);   // the whole code, never its beginning
      return found ? ok(found) : error("unknown", "Không tìm thấy hồ sơ có mã này.");
    }
    default: return error("bad_request", "Không có việc này.");
  }
}

function requested(verb, from, request) {
  const answered = said.get(request.id) ?? answer(verb, from, request);
  said.set(request.id, answered);
  if (said.size > 1000) said.delete(said.keys().next().value);
  client.publish(`${H}/rsp/${from}`, packed({ id: request.id, ...answered }), { qos: verb === "ping" ? 1 : 0 });
}

// --- requests to the queue -----------------------------------------------------------------------

const waiting = new Map();
/** One id for one human act; again after 1, 1 and 2 s with the same id. */
export function ask(verb, body, id = newId()) {
  return new Promise((done, failed) => {
    const text = packed({ id, ...body });
    const pauses = [1000, 1000, 2000, 2000];
    const send = () => {
      if (!pauses.length) { waiting.delete(id); return failed(new Error(`${verb}: no answer`)); }
      client.publish(`${H}/req/queue/${verb}/onestop`, text, { qos: 1 });
      timer = setTimeout(send, pauses.shift());
    };
    let timer;
    waiting.set(id, (reply) => { clearTimeout(timer); waiting.delete(id); done(reply); });
    send();
  });
}

// --- the queue's events, each once, in order -----------------------------------------------------

let mark = existsSync(MARK) ? JSON.parse(readFileSync(MARK)) : null;   // null: never here before
let filling = false;

function take(event) {
  mark = { epoch: event.epoch, seq: event.seq };
  writeFileSync(MARK, JSON.stringify(mark));
  console.log("event", event.seq, event.type, event.ticket?.number ?? "");
}

function heard(event) {
  if (mark === null) return take(event);                  // first run: from here on
  if (event.epoch === mark.epoch && event.seq <= mark.seq) return;   // heard before
  if (event.epoch === mark.epoch && event.seq === mark.seq + 1) return take(event);
  fill();
}

/** Page by page until the journal's end; a new epoch: the journal was restored, go on in it. */
async function fill() {
  if (filling) return;
  filling = true;
  try {
    for (;;) {
      const reply = await ask("replay", { from_seq: mark.seq + 1, limit: 200, epoch: mark.epoch });
      if (reply.status !== "ok") {
        if (reply.error.code !== "conflict") break;
        // `seq` of the new epoch goes on above every one of the old.
        mark = { epoch: reply.error.current.epoch, seq: mark.seq };
        continue;
      }
      for (const event of reply.data.events) if (event.seq > mark.seq) take(event);
      if (!reply.data.events.length || reply.data.last_seq >= reply.data.end_seq) break;
    }
  } catch (err) { console.error(err.message); } finally { filling = false; }
}

// --- what comes in -------------------------------------------------------------------------------

client.on("message", (topic, payload, packet) => {
  if (!payload.length) return;
  const levels = topic.slice(H.length + 1).split("/");
  const message = JSON.parse(payload.toString());
  if (levels[0] === "rsp") waiting.get(message.id)?.(message);
  else if (levels[0] === "evt") heard(message);
  else if (levels[0] === "req" && !packet.retain) requested(levels[2], levels[3], message);
  else if (levels[2] === "refused") console.error("refused:", message.text_en);
});

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
  tell("status", status("lost"));
  client.end(false, {}, () => process.exit(0));
});
