// The slides of a meeting. All of them are here from the start, one is on the stage; turning to another one changes the
// address by itself, so that a link, a reload and the browser's back button lead to the same slide. The HTML is made by
// components/slides.py, which escapes every value.
const AGAIN = 700; // ms within which digits are read as one number
const SWIPE = 50; // px
const SHOWN = 2500; // ms that the buttons stay after the mouse moved

const asked = () => Number(new URLSearchParams(location.search).get("slide")) || 1;

const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
};

function build(root, data) {
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const button = (name, text, turn) => {
    const node = make("button", name, text);
    node.type = "button";
    node.setAttribute("aria-label", data.names[name.split(" ").pop()]);
    node.title = node.getAttribute("aria-label");
    node.onclick = turn;
    return node;
  };
  const slides = data.slides.map(parse);
  const main = data.main;
  const stage = make("div", "stage");
  const count = make("p", "count");
  count.setAttribute("aria-live", "polite");
  const done = make("i", "done");
  const bar = make("div", "bar");
  bar.setAttribute("aria-hidden", "true");
  bar.append(done);
  let at = 0;

  const put = (number) => {
    at = Math.min(Math.max(number, 1), slides.length);
    stage.replaceChildren(slides[at - 1]);
    stage.scrollTop = 0;
    const [here, total] = at > main ? [at - main, slides.length - main] : [at, main];
    const around = at > main ? `${data.names.annex} ` : "";
    count.textContent = `${around}${here} / ${total}`;
    count.setAttribute("aria-label", around + data.progress.replace("{at}", here).replace("{total}", total));
    done.style.width = `${(100 * here) / total}%`;
    lines.forEach((line, index) => line.setAttribute("aria-current", String(index === at - 1)));
    root.dataset.slide = at;
    return at;
  };
  const turn = (number) => {
    const before = at;
    if (put(number) === before) return;
    const query = new URLSearchParams(location.search);
    query.set("slide", at);
    history.pushState(history.state, "", `${location.pathname}?${query}`);
    look();
  };
  const look = () => {
    slides[at - 1].tabIndex = -1;
    slides[at - 1].focus({ preventScroll: true });
  };
  const open = (shown) => {
    if (plan.hidden !== shown) return;
    plan.hidden = !shown;
    if (shown) lines[at - 1].focus();
    else look();
  };
  const line = (title, index) => {
    const node = make("button", "line", title);
    node.type = "button";
    node.onclick = () => { turn(index + 1); open(false); };
    return node;
  };
  const lines = data.titles.map(line);
  const listed = (name, from, to) => {
    const [part, list] = [make("section", "part"), make("ol", "lines-of-plan")];
    list.start = from + 1;
    list.append(...lines.slice(from, to).map((node) => { const item = make("li", ""); item.append(node); return item; }));
    part.append(make("h2", "", data.names[name]), list);
    return to > from ? [part] : [];
  };
  const plan = make("nav", "contents");
  plan.setAttribute("aria-label", data.names.plan);
  plan.hidden = true;
  plan.append(...listed("agenda", 0, main), ...listed("annex", main, slides.length));
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    root.send("leave", true);
  };

  const buttons = make("nav", "buttons");
  buttons.setAttribute("aria-label", data.names.slides);
  buttons.append(
    button("back", "‹", () => turn(at - 1)),
    button("next", "›", () => turn(at + 1)),
    button("plan", "☰", () => open(plan.hidden)),
    button("full", "⛶", full),
    button("leave", "✕", leave),
  );
  const edges = [make("div", "edge before"), make("div", "edge after")];
  edges.forEach((edge, side) => {
    edge.setAttribute("aria-hidden", "true");
    edge.onclick = () => turn(at + (side ? 1 : -1));
  });

  let digits = "", typed = 0, hiding = 0, start = null;
  const keys = {
    ArrowRight: () => turn(at + 1), ArrowDown: () => turn(at + 1), PageDown: () => turn(at + 1), " ": () => turn(at + 1),
    ArrowLeft: () => turn(at - 1), ArrowUp: () => turn(at - 1), PageUp: () => turn(at - 1),
    Home: () => turn(1), End: () => turn(main), Escape: () => (plan.hidden ? leave() : open(false)), f: full, F: full,
    o: () => open(plan.hidden), O: () => open(plan.hidden),
    b: () => root.classList.toggle("dark"), ".": () => root.classList.toggle("dark"),
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.composedPath()[0];
    if (event.key === " " && on.tagName === "BUTTON") return;
    if (!plan.hidden && !["Escape", "o", "O"].includes(event.key)) return;
    if (/^[0-9]$/.test(event.key)) {
      digits = event.timeStamp - typed < AGAIN ? digits + event.key : event.key;
      typed = event.timeStamp;
      if (Number(digits)) turn(Number(digits));
    } else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBack = () => put(asked());
  const onMove = () => {
    root.classList.add("moved");
    clearTimeout(hiding);
    hiding = setTimeout(() => root.classList.remove("moved"), SHOWN);
  };
  root.onpointerdown = (event) => { start = event.pointerType === "touch" ? event : null; };
  root.onpointerup = (event) => {
    if (!start) return;
    const [x, y] = [event.clientX - start.clientX, event.clientY - start.clientY];
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) turn(at + (x < 0 ? 1 : -1));
    start = null;
  };
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("popstate", onBack);
  root.addEventListener("pointermove", onMove);
  root.replaceChildren(parse(`<div class="kept">${data.shapes}</div>`), ...edges, stage, bar, count, plan, buttons);
  put(asked());
  document.documentElement.lang = data.language;
  return () => {
    window.removeEventListener("keydown", onKey, true);
    window.removeEventListener("popstate", onBack);
    root.removeEventListener("pointermove", onMove);
    delete root.dataset.mark;
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".meeting");
  root.send = setTriggerValue;
  if (root.dataset.mark !== data.mark) {
    root.clear?.();
    root.clear = build(root, data);
    root.dataset.mark = data.mark;
  }
  return () => root.clear?.();
}
