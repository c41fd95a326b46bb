// The review page: single keys, an outbox that sends in order, and the next segments kept ready.
// Markup comes from the server only, as parsed documents; nothing here builds markup out of text.

const main = document.getElementById("main");
const status = document.getElementById("status");
const trouble = document.getElementById("trouble");
const margins = document.getElementById("margins");
const order = document.body.dataset.order;
const mode = document.body.dataset.mode;
const keys = new Map([...document.querySelectorAll("#help kbd[data-action]")].map(k => [k.textContent, k.dataset.action]));
const WORDS = { accept: "accepted", reject: "rejected", unsure: "unsure", "counter-example": "counter-example", add: "added" };
const BLIND = { ...WORDS, add: "applies", reject: "does not apply" };
const AHEAD = 10;

document.documentElement.classList.add("scripted");
history.scrollRestoration = "manual";  // what is asked about is brought in sight, whatever was scrolled before

// -- asking the server ------------------------------------------------------------------------------

const pause = ms => new Promise(done => setTimeout(done, ms));

// XMLHttpRequest parses a page into a document by itself: no text is ever turned into markup by this script.
function ask(address, { body = null, kind = "document", headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", address);
    request.timeout = 10000;
    request.responseType = kind;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.onload = () => resolve({ status: request.status, content: request.response });
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error("no answer"));
    request.send(body);
  });
}

async function parts(address, selector, options) {
  for (let wait = 200; ; wait = Math.min(wait * 2, 500)) {
    try {
      const { status: code, content } = await ask(address, options);
      if (code === 200 && content) return [...content.querySelectorAll(selector)].map(n => document.importNode(n, true));
      if (code === 401) return signedOut();
      if (code < 500) { say(""); trouble.textContent = "The server refused to show this. Load the page again."; return []; }
    } catch { /* the server is away: try again, it may come back */ }
    await pause(wait);
  }
}

function signedOut() {
  trouble.textContent = "Not signed in any more. Start “subtheme review” again and open the address that it prints"
    + (outbox.length ? `; ${outbox.length} answers here are not saved.` : ".");
  return [];
}

// -- the outbox: answers leave in order, and are said to be saved when the server says so ---------------

const outbox = [];
let isSending = false;
let isRefused = false;

function put(address, fields, { then = () => {}, undone = () => {} } = {}) {
  const uid = crypto.randomUUID();
  outbox.push({ address, body: new URLSearchParams({ ...fields, order, uid }), then, undone });
  report();
  send();
}

async function send() {
  if (isSending) return;
  isSending = true;
  for (let wait = 200; outbox.length;) {
    const next = outbox[0];
    let answer = null;
    try {
      answer = await ask(next.address, { body: next.body, kind: "text", headers: { Accept: "application/json" } });
    } catch { answer = null; }
    if (answer && answer.status === 200) {
      outbox.shift();
      wait = 200;
      isRefused = false;
      const content = JSON.parse(answer.content);
      report(content.said);
      next.then(content);
    } else if (answer && answer.status === 401) {
      signedOut();
      await pause(2000);
    } else if (answer && answer.status < 500) {
      outbox.shift();
      isRefused = true;
      trouble.textContent = `Not stored: ${answer.content}`;
      next.undone();
    } else {
      report();
      trouble.textContent = `Not saved yet: ${outbox.length} answer${outbox.length === 1 ? "" : "s"} wait, the server does not answer. Keep this page open.`;
      await pause(wait);
      wait = Math.min(wait * 2, 500); // this machine's own server: asking often costs nothing
    }
  }
  isSending = false;
}

let said = "";
function report(words = "") {
  if (words) said = words;
  if (outbox.length) { say(`Saving ${outbox.length} …`); return; }
  if (!isRefused) trouble.textContent = "";
  say(`Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}${said ? `: ${said}` : ""}`);
}

function say(words) { if (status.textContent !== words) status.textContent = words; }

addEventListener("beforeunload", event => { if (outbox.length) event.preventDefault(); });

// -- segments: the shown one, and those kept ready ----------------------------------------------------

let ahead = [];
let fetching = null;
let paintedAt = performance.now();
let isBusy = false;
const pressed = [];
const gone = new Set();

const article = () => main.querySelector("article");
const idOf = one => `${one.dataset.number}/${one.dataset.asked ?? ""}`; // a segment can be asked about for several codes
const number = () => article()?.dataset.number ?? "";
const rows = () => [...main.querySelectorAll(".row")];
const current = () => main.querySelector(".row[aria-current]");

// The words that are asked about stand between the bar at the top and, on narrow screens, the answers at the bottom.
function bringInSight() {
  const asked = main.querySelector("mark")?.getBoundingClientRect();
  if (!asked) return;
  const isNarrow = matchMedia("(max-width: 59.99rem)").matches;
  const floor = innerHeight - (isNarrow ? main.querySelector(".codes")?.getBoundingClientRect().height ?? 0 : 0) - 8;
  const bar = document.querySelector(".bar");
  const ceiling = (getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().height : 0) + 8;
  const by = Math.min(Math.max(asked.bottom - floor, 0), asked.top - ceiling);
  if (by > 0 || asked.top < ceiling) scrollBy(0, by);
}

function show(next, { focus = true } = {}) {
  main.replaceChildren(next);
  for (const row of rows()) {  // each button says which code it is about
    const name = row.querySelector(".name b").textContent;
    for (const button of row.querySelectorAll("button[name=verdict]")) button.ariaLabel = `${button.firstChild.textContent.trim()}: ${name}`;
  }
  paintedAt = performance.now();
  choose(main.querySelector(".row[data-asked]") ?? rows().find(r => !r.dataset.verdict) ?? rows()[0]);
  scrollTo(0, 0);
  bringInSight();
  if (focus) main.querySelector("h1").focus({ preventScroll: true });
  history.replaceState(null, "", number() ? `/item/${number()}?order=${order}` : `/end?order=${order}`);
  if (number()) margins.dataset.number = number();
  later();
}

async function fill() {
  if (fetching) return fetching;
  const last = ahead.at(-1) ?? article();
  if (!last || last.dataset.number === "") return null;
  fetching = parts(`/ahead/${last.dataset.number}?order=${order}&count=${AHEAD}`, "article");
  const fresh = await fetching;
  fetching = null;
  const known = new Set([article(), ...ahead].map(idOf));
  for (const one of fresh) if (!known.has(idOf(one)) && !gone.has(idOf(one))) ahead.push(one);
  return null;
}

async function goOn() {
  if (article().classList.contains("first")) { put("/reveal", { number: number(), elapsed: elapsed() }, again()); return; }
  const asked = article().dataset.asked;
  put("/finish", { number: number(), asked, elapsed: elapsed() });
  gone.add(idOf(article()));
  if (!ahead.length) {
    isBusy = true;
    say("Fetching the next segment …");
    while (!ahead.length) {
      await fill();
      if (!ahead.length) await pause(200);
    }
    show(ahead.shift());
    ready();
  } else {
    show(ahead.shift());
  }
  if (ahead.length < 7) fill();
}

let justGiven = "";  // the code that was just added: the next memo or move is about it

async function visit(n, options) {
  const around = n === number() ? article().dataset.around : "";
  const [fresh] = await parts(`/item/${n}?order=${order}&part=1${around ? `&around=${around}` : ""}`, "article");
  if (!fresh) return;
  const kept = justGiven || current()?.dataset.code;
  const isSame = n === number();
  justGiven = "";
  gone.delete(idOf(fresh));
  show(fresh, options);
  if (isSame && kept) choose(rows().find(r => r.dataset.code === kept) ?? current());
}

const elapsed = () => Math.round(performance.now() - paintedAt);

// -- what a coder does --------------------------------------------------------------------------------

function choose(row) {
  for (const other of rows()) other.removeAttribute("aria-current");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  if (row.getBoundingClientRect().bottom > innerHeight || row.getBoundingClientRect().top < 60) row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(current()) + by))];
  if (!next) return;
  choose(next);
  const likelihood = next.querySelector(".likelihood")?.textContent ?? "";
  say(`${all.indexOf(next) + 1} of ${all.length}: ${next.querySelector(".name b").textContent} ${likelihood}, ${next.querySelector(".verdict").textContent}`);
}

function decide(row, verdict) {
  if (!row) { say("No code here to answer on. Add one, or go on."); return; }
  const isBlind = !article().classList.contains("assisted");
  if (isBlind && verdict === "accept") verdict = "add";
  const before = [row.dataset.verdict, row.querySelector(".verdict").textContent];
  const set = (given, words) => { row.dataset.verdict = given; row.querySelector(".verdict").textContent = words; };
  set(verdict, (isBlind ? BLIND : WORDS)[verdict]);
  row.classList.add("waiting");
  put("/decide", { number: number(), code: row.dataset.code, verdict, version: row.dataset.version ?? "", elapsed: elapsed() }, {
    then: answer => {
      row.classList.remove("waiting");
      const stored = answer.answers[row.dataset.code];
      if (stored && stored !== row.dataset.verdict && !outbox.length) set(stored, (isBlind ? BLIND : WORDS)[stored]);
    },
    undone: () => { row.classList.remove("waiting"); set(...before); },
  });
  const all = rows();
  const open = all.slice(all.indexOf(row) + 1).find(r => !r.dataset.verdict);
  if (open && !isBlind) choose(open);
}

function again(fields) {
  const n = number();
  return { then: () => { if (n === number()) visit(n, fields); } };
}

function undo() {
  isBusy = true;
  say("Undoing …");
  put("/undo", {}, {
    then: async answer => {
      if (answer.number !== null) {
        ahead = [];
        gone.clear();
        await visit(String(answer.number));
      }
      ready();
    },
    undone: ready,
  });
}

async function evidence(row) {
  if (!row?.querySelector("[data-act=evidence]")) { say("No evidence to show here."); return; }
  const body = new URLSearchParams({ number: number(), code: row.dataset.code, order, uid: crypto.randomUUID() });
  read(await parts("/evidence", "body > *", { body, headers: { "X-Part": "1" } }));
}

async function transcript() {
  const link = main.querySelector("[data-do=transcript]");
  if (!link) return;
  read(await parts(`${link.getAttribute("href")}&part=1`, "body > *"));
  document.querySelector("#reader .here")?.scrollIntoView({ block: "center" });
}

function read(nodes) {
  if (!nodes.length) return;
  const reader = document.getElementById("reader");
  reader.querySelector(".held").replaceChildren(...nodes);
  reader.showModal();
  reader.scrollTop = 0;
}

async function more() {
  const link = main.querySelector("[data-do=more]");
  if (!link) { say("The whole transcript is shown."); return; }
  const [fresh] = await parts(`${link.getAttribute("href")}&part=1`, "article");
  if (fresh) {
    const kept = current()?.dataset.code;
    show(fresh);
    choose(rows().find(r => r.dataset.code === kept) ?? current());
    bringInSight();
  }
}

// -- the list of codes, with type-ahead ------------------------------------------------------------------

const codes = document.getElementById("codes");
const find = document.getElementById("codes-find");
const list = [...document.querySelectorAll("#codes-list li")];
list.forEach((option, at) => { option.id = `code-${at}`; option.role = "option"; });
let taken = () => {};

function pickCode(heading, why, use) {
  document.getElementById("codes-h").textContent = heading;
  document.getElementById("codes-why").textContent = why;
  taken = use;
  find.value = "";
  narrow();
  codes.showModal();
  find.focus();
}

function narrow() {
  const wanted = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const option of list) option.hidden = !wanted.every(w => option.textContent.toLocaleLowerCase().includes(w));
  mark(list.find(o => !o.hidden));
}

function mark(option) {
  for (const other of list) other.setAttribute("aria-selected", String(other === option));
  find.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  if (!option) return;
  codes.close();
  taken(option.dataset.code);
}

find.addEventListener("input", narrow);
find.addEventListener("keydown", event => {
  const shown = list.filter(o => !o.hidden);
  const at = shown.findIndex(o => o.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(shown[Math.min(at + 1, shown.length - 1)]);
  else if (event.key === "ArrowUp") mark(shown[Math.max(at - 1, 0)]);
  else if (event.key === "Enter") take(shown[at]);
  else return;
  event.preventDefault();
});
document.getElementById("codes-list").addEventListener("click", event => take(event.target.closest("li")));

function add() {
  pickCode("Add a code", "To this segment.", code => {
    justGiven = code;
    put("/decide", { number: number(), code, verdict: "add", elapsed: elapsed() }, again());
  });
}

function move(row, way) {
  if (!row || !row.querySelector(".ends")) { say("Give the code first, then move the ends of its words."); return; }
  put("/move", { number: number(), code: row.dataset.code, move: way }, again());
}

function relabel(row) {
  if (!row) { add(); return; }
  const name = row.querySelector(".name b").textContent;
  pickCode("Another code instead", `“${name}” is rejected, and the code that you choose is added.`, other => {
    justGiven = other;
    put("/relabel", { number: number(), code: row.dataset.code, other, elapsed: elapsed() }, again());
  });
}

const memoBox = document.getElementById("memo");
const memoText = document.getElementById("memo-text");
let memoFor = "";

function memo(row) {
  memoFor = row?.dataset.code ?? "";
  document.getElementById("memo-about").textContent = row ? `On “${row.querySelector(".name b").textContent}”` : "On the segment";
  memoText.value = (row ? row.querySelector(".memo .own") : main.querySelector(".memo.whole .own"))?.textContent ?? "";
  memoBox.returnValue = "";
  memoBox.showModal();
  memoText.focus();
}
memoBox.addEventListener("close", () => {
  if (memoBox.returnValue === "store") put("/memo", { number: number(), code: memoFor, memo: memoText.value }, again());
});

// -- keys, buttons and forms, all taken at the document --------------------------------------------------

const ACTIONS = {
  accept: row => decide(row, "accept"),
  reject: row => decide(row, "reject"),
  unsure: row => decide(row, "unsure"),
  "counter-example": row => decide(row, "counter-example"),
  "next-row": () => step(1),
  "previous-row": () => step(-1),
  finish: () => { if (number()) goOn(); },
  add: () => { if (number()) add(); },
  relabel,
  memo: row => { if (number()) memo(row); },
  "start-back": row => move(row, "start-back"),
  "start-on": row => move(row, "start-on"),
  "end-back": row => move(row, "end-back"),
  "end-on": row => move(row, "end-on"),
  evidence,
  flag: () => { if (number()) put("/flag", { number: number() }, again()); },
  undo,
  more,
  transcript,
  help: () => document.getElementById("help").showModal(),
};

function act(name, row) {
  if (isBusy) pressed.push(name); // a key that is ahead of the page waits for it
  else ACTIONS[name]?.(row ?? current());
}

function ready() {
  isBusy = false;
  while (pressed.length && !isBusy) act(pressed.shift());
}

addEventListener("keydown", event => {
  if (mode === "off" || event.repeat || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (document.querySelector("dialog[open]") || event.target.closest("input, textarea, select")) return;
  if (event.altKey !== (mode === "alt")) return;
  const isPlain = !event.target.closest("a, button, summary");
  const name = mode === "alt" && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
  const action = name === "enter" ? isPlain && "finish" : keys.get(name);
  if (!action) return;
  event.preventDefault();
  act(action);
});

addEventListener("submit", event => {
  const form = event.target;
  const name = form.dataset.act;
  if (!name) return;
  event.preventDefault();
  const row = form.closest(".row");
  if (row) choose(row);
  if (name === "decide") { if (!isBusy) decide(row, event.submitter.value); event.submitter.focus(); }
  else act(name === "move" ? event.submitter.value : name, row ?? undefined);
});

addEventListener("click", event => {
  const button = event.target.closest("[data-do]");
  if (!button) {
    const row = event.target.closest(".row");
    if (row) choose(row);
    return;
  }
  event.preventDefault();
  act(button.dataset.do);
});
addEventListener("focusin", event => { const row = event.target.closest?.(".row"); if (row) choose(row); });

// -- the table of margins, when nothing else is going on ---------------------------------------------------

let timer = 0;
let drawn = "";
function later() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (outbox.length || !margins.dataset.number) { later(); return; }
    const wanted = margins.dataset.number;
    const fresh = await parts(`/margins/${wanted}?order=${order}`, "body > *");
    const text = fresh.map(n => n.textContent).join();
    if (fresh.length && text !== drawn && wanted === margins.dataset.number) { drawn = text; margins.replaceChildren(...fresh); }
  }, 1500);
}

if (article()) {
  show(article(), { focus: false });
  fill();
  say("Ready");
}
