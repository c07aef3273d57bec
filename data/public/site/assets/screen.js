// A screen that turns by itself. Words and classes of areas are made when an edition is published (screen.py beside
// this); here they are shown, as text only. Lines and shapes stay the same nodes from message to message, so that
// nothing grows in a day, and a new edition is taken between two messages.
"use strict";

const LIMITS = [3, 600]; // s that an address may ask for: nobody reads faster, and nothing may flicker
const FADE = 300; // ms
const FIRST_AGAIN = 2000; // ms until a server that did not answer is asked again; then twice as long each time
const PATIENCE = 10000; // ms that an answer may take
const LEAP = 5000; // ms by which the clock and the time that passed may differ: more is sleep, or a clock set anew
const SMALLEST = 0.55;
const RANGE = /(\d)–(?=\d)/g; // a range of numbers does not break
const SVG = "http://www.w3.org/2000/svg";

const asked = new URLSearchParams(location.search);
const language = asked.get("bahasa") === "en" ? "en" : "id";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const onDisk = location.protocol === "file:";
const one = (name) => document.querySelector(name);
const shape = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};
const put = (name, text) => { if (name.textContent !== text) name.textContent = text; };

let shown, waiting; // the edition on the screen, and one that will be taken at the next turn
let drawn = ""; // the drawing that is on the screen, as text
let areas = {}; // level -> its shapes, in the order of a message's classes
let at = -1, turns = 0, timer = 0;

// eslint-disable-next-line no-unused-vars -- called by the file of the edition
function padan(view) {
  shown = { ...view, name: one("script[data-view]").getAttribute("src") };
  document.documentElement.lang = language;
  draw(view.drawing);
  turn();
  if (onDisk) return;
  keep();
  ask();
  setInterval(watch, 1000);
  for (const name of ["online", "pageshow", "visibilitychange"]) addEventListener(name, ask);
}

// Messages

const pace = () => {
  const wanted = Number(asked.get("detik"));
  return 1000 * (wanted ? Math.min(Math.max(wanted, LIMITS[0]), LIMITS[1]) : shown.pace.message);
};

function turn() {
  clearTimeout(timer);
  if (waiting) take();
  const count = shown.messages.length;
  at = count ? (at + 1) % count : 0;
  timer = setTimeout(turn, pace());
  const first = turns++ === 0;
  if (first || still.matches || count < 2) return show();
  const away = Math.min(FADE, pace() / 4);
  document.body.classList.add("away");
  setTimeout(() => { show(); document.body.classList.remove("away"); }, away);
}

function show() {
  const said = shown.said[language], message = shown.messages[at];
  one(".screen").classList.toggle("empty", !message);
  put(one(".place span"), said.place);
  put(one(".sample"), said.sample);
  one(".sample").hidden = !shown.sample;
  document.body.dataset.turns = turns;
  if (!message) put(one("h1"), said.empty);
  else tell(message, said);
  mark();
}

function tell(message, said) {
  const words = message[language];
  put(one("h1"), words.title);
  put(one(".amount"), words.number);
  put(one(".suffix"), words.suffix);
  one(".suffix").classList.toggle("word", words.suffix.length > 1);
  one(".lines").replaceChildren(...words.lines.map((line) => {
    const node = document.createElement("p");
    node.append(...line.map(([text, strong]) => {
      const whole = text.replace(RANGE, "$1\u2060–\u2060");
      if (!strong) return whole;
      const bold = document.createElement("b");
      bold.textContent = whole;
      return bold;
    }));
    return node;
  }));
  put(one(".call"), words.call);
  put(one(".caption span"), words.caption);
  put(one(".caption i"), said.schematic);
  put(one(".source"), [words.day, ...words.origin, ...(onDisk ? [said.copy] : [])].join(" · "));
  put(one(".count"), `${at + 1} / ${shown.messages.length}`);
  colour(message);
  explain(message);
  fit();
  progress();
}

function progress() {
  const bar = one(".bar i"), count = shown.messages.length;
  bar.style.transition = "none";
  bar.style.transform = `scaleX(${(still.matches ? at + 1 : at) / count})`;
  if (still.matches) return;
  bar.getBoundingClientRect(); // Else both widths would be one change.
  bar.style.transition = `transform ${pace()}ms linear`;
  bar.style.transform = `scaleX(${(at + 1) / count})`;
}

// Words as large as there is room for: first the number in its width, then everything in its height.
function fit() {
  const screen = one(".screen"), words = one(".words"), number = one(".number"), title = one("h1");
  screen.style.removeProperty("--size");
  screen.style.setProperty("--fit", 1);
  const wide = number.scrollWidth / words.clientWidth;
  if (wide > 1) screen.style.setProperty("--size", `calc(var(--largest) * ${(0.98 / wide).toFixed(3)})`);
  for (let size = 1; size > SMALLEST && tight(words, title); size -= 0.05) screen.style.setProperty("--fit", size.toFixed(2));
}
const tight = (words, title) =>
  words.scrollHeight > words.clientHeight + 1 || words.scrollWidth > words.clientWidth + 1 ||
  title.scrollWidth > title.clientWidth + 1 || one(".screen").scrollHeight > innerHeight + 1;

// Maps

function draw(drawing) {
  const text = JSON.stringify(drawing);
  if (text === drawn) return;
  drawn = text;
  const map = one("figure > svg");
  map.setAttribute("viewBox", `-4 -4 ${drawing.width + 8} ${drawing.height + 8}`);
  for (const old of map.querySelectorAll("g")) old.remove();
  areas = {};
  for (const [level, { areas: paths, borders }] of Object.entries(drawing.levels)) {
    const group = shape("g", { "data-level": level });
    areas[level] = paths.map((path) => shape("path", { class: "area", d: path }));
    group.append(...areas[level], shape("path", { class: "borders", d: borders }));
    map.append(group);
  }
}

function colour(message) {
  const map = one("figure > svg");
  map.setAttribute("class", message.ramp);
  for (const group of map.querySelectorAll("g")) group.toggleAttribute("hidden", group.dataset.level !== message.level);
  (areas[message.level] ?? []).forEach((area, index) => area.setAttribute("class", `area of-${message.fill[index]}`));
}

function explain(message) {
  one(".legend").replaceChildren(...message[language].legend.map(([name, words]) => {
    const item = document.createElement("li"), swatch = shape("svg", { class: message.ramp, "aria-hidden": "true" });
    swatch.append(shape("rect", { class: `of-${name}`, width: "100%", height: "100%" }));
    item.append(swatch, words);
    return item;
  }));
}

// The server: is it there, has it something newer? Clocks are set anew and machines sleep, therefore neither the clock
// nor the time that passed is believed alone: when they part, the server is asked at once.

let heard = -Infinity, wait = 0, asking = false, next = 0, silent = false;
let clock = Date.now(), passed = performance.now();

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = JSON.parse(await get("screen.json"));
    const name = answer.views[shown.code];
    if (!name) throw new Error("this place is no longer published");
    if (answer.program !== document.body.dataset.program) await renew(answer.program);
    else if (name !== (waiting ?? shown).name) waiting = await newer(name);
    heard = performance.now();
    silent = false;
    wait = 0;
  } catch {
    wait = Math.min(Math.max(2 * wait, FIRST_AGAIN), 1000 * shown.pace.ask);
    if (performance.now() - heard > 1000 * shown.pace.silence) silent = true;
  }
  next = performance.now() + (wait || 1000 * shown.pace.ask);
  asking = false;
  mark();
}

function watch() {
  const now = performance.now(), leap = Math.abs(Date.now() - clock - (now - passed)) > LEAP || now - passed > LEAP;
  [clock, passed] = [Date.now(), now];
  if (leap) heard = -Infinity; // Whatever was heard before the machine slept says nothing about now.
  if (leap || now >= next) ask();
  else if (!silent && now - heard > 1000 * shown.pace.silence && wait) { silent = true; mark(); }
}

async function get(name) {
  const patience = new AbortController(), over = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(name, { cache: "no-store", signal: patience.signal });
    if (!answer.ok) throw new Error(answer.status);
    return await answer.text();
  } finally { clearTimeout(over); }
}

async function newer(name) {
  const text = await get(name);
  return { ...JSON.parse(text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"))), name };
}

// The program itself has changed: it is loaded anew, while the server can give it, and once.
async function renew(program) {
  if (sessionStorage.getItem("padan-program") === program) return;
  await get(location.pathname);
  sessionStorage.setItem("padan-program", program);
  location.reload();
}

function take() {
  shown = waiting;
  waiting = undefined;
  at = Math.min(at, shown.messages.length - 1);
  draw(shown.drawing);
  keep();
}

function mark() {
  const node = one(".silent"), said = shown.said[language];
  const day = shown.messages[at]?.[language].day ?? said.day;
  put(node, silent ? `${said.silent}, ${day.charAt(0).toLowerCase()}${day.slice(1)}` : "");
  if (node.hidden !== silent) return;
  node.hidden = !silent;
  fit();
}

// Without a server the screen can still start: what it needs stays in the browser's own store.
async function keep() {
  try {
    await navigator.serviceWorker.register("sw.js");
    const kept = await caches.open(`padan ${location.pathname}`), needed = [...document.querySelectorAll("script[src], link[href]")];
    const names = new Set([location.pathname, shown.name, ...needed.map((node) => node.getAttribute("src") ?? node.getAttribute("href"))]
      .map((name) => new URL(name, location.href).href));
    await kept.addAll(names);
    for (const old of await kept.keys()) if (!names.has(old.url)) await kept.delete(old);
  } catch { /* Not over plain http: then a screen that is started anew waits for its server. */ }
}

// The wall stays awake, the mouse out of sight.
const awake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
let resting = 0;
const rest = () => document.documentElement.classList.add("still");
addEventListener("visibilitychange", awake);
addEventListener("pointermove", () => {
  document.documentElement.classList.remove("still");
  clearTimeout(resting);
  resting = setTimeout(rest, 2000);
});
addEventListener("resize", () => { if (shown?.messages.length) fit(); });
rest();
awake();
document.fonts.ready.then(() => { if (shown?.messages.length) fit(); });
performance.setResourceTimingBufferSize(0); // Else the browser keeps a note of every question to the server.
