// Areas on a plane: points (two figures) or strokes (two dates). Places come as fractions of the plane, so that type
// keeps its size on every width. Every text is set as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";
const watched = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".plane");
  const tip = parentElement.querySelector(".tip");
  const draw = () => paint(root, tip, data, (code) => setTriggerValue("place", code));
  const focused = parentElement.activeElement?.dataset?.code;
  watched.get(root)?.disconnect();
  const watcher = new ResizeObserver(draw);
  watcher.observe(root);
  watched.set(root, watcher);
  draw();
  if (focused) root.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  return () => watcher.disconnect();
}

function make(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  if (text !== undefined) node.textContent = text;
  return node;
}

// What stands beside the plane has room for a word a line.
const wrapped = (text) => text.split(" ");

function paint(root, tip, data, choose) {
  const width = root.clientWidth;
  if (!width) return;
  const narrow = width < 460;
  const room = data.room * (narrow ? 0.72 : 1);
  const left = 12 + 7.4 * Math.max(...data.yticks.map((tick) => tick.text.length), 1);
  const beside = Math.max(14, ...data.guides.filter((guide) => guide.axis === "y").flatMap((guide) => wrapped(guide.text)).map((word) => 8 + 7.4 * word.length));
  const frame = { left, right: width - beside - room, top: data.xlabel ? 40 : 24, bottom: data.height - (data.xlabel ? 46 : 28) };
  const x = (at) => frame.left + at * (frame.right - frame.left);
  const y = (at) => frame.bottom - at * (frame.bottom - frame.top);
  const svg = make("svg", { width, height: data.height, role: "group", "aria-label": data.name });
  const ground = svg.appendChild(make("g", { "aria-hidden": "true" }));
  const notes = make("g", { "aria-hidden": "true" });

  data.bands.forEach((band) => ground.append(make("rect", {
    x: x(band.x0), y: y(band.y1), width: Math.max(0, x(band.x1) - x(band.x0)),
    height: Math.max(0, y(band.y0) - y(band.y1)), fill: band.colour, class: band.chosen ? "band chosen" : "band",
  })));
  data.yticks.forEach((tick) => {
    ground.append(make("line", { x1: frame.left, x2: frame.right, y1: y(tick.at), y2: y(tick.at), class: "grid" }));
    ground.append(make("text", { x: frame.left - 7, y: y(tick.at) + 4, class: "tick end" }, tick.text));
  });
  data.xticks.forEach((tick, at) => {
    if (narrow && data.xticks.length > 4 && at % 2) return;
    const edge = data.room ? (at ? "middle" : "start") : "middle";
    ground.append(make("text", { x: x(tick.at), y: frame.bottom + 18, class: `tick ${edge}` }, tick.text));
  });
  data.guides.forEach((guide) => {
    const upright = guide.axis === "x";
    ground.append(make("line", upright
      ? { x1: x(guide.at), x2: x(guide.at), y1: frame.top, y2: frame.bottom, class: "guide" }
      : { x1: frame.left, x2: frame.right, y1: y(guide.at), y2: y(guide.at), class: "guide" }));
    notes.append(upright
      ? make("text", { x: x(guide.at), y: frame.top - 7, class: "note middle" }, guide.text)
      : wrapped(guide.text).reduce((text, word, at) => {
        text.append(make("tspan", { x: frame.right + 5, dy: at ? 15 : 0 }, word));
        return text;
      }, make("text", { y: y(guide.at) - 3, class: "note start" })));
  });
  if (data.xlabel) {
    ground.append(make("text", { x: frame.right, y: data.height - 6, class: "axis end" }, `${data.xlabel} →`));
    ground.append(make("text", { x: 2, y: 12, class: "axis start" }, `↑ ${data.ylabel}`));
  }

  const nodes = [];
  const stand = (node, item) => {
    node.dataset.code = item.code;
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", item.tip.filter(Boolean).join(", "));
    node.setAttribute("aria-pressed", String(!!item.chosen));
    node.onclick = () => choose(item.code);
    const say = (event) => show(root, tip, item, event);
    node.onpointerenter = say;
    node.onfocus = say;
    node.onpointerleave = node.onblur = () => { tip.hidden = true; };
    pointing(node, item.code);
    nodes.push(node);
  };
  const state = (item) => `${item.chosen ? " chosen" : ""}${item.faded ? " faded" : ""}${item.hollow ? " hollow" : ""}`;
  data.strokes.forEach((item) => {
    const group = svg.appendChild(make("g", { class: `stroke ${item.tone}${state(item)}` }));
    const ends = { x1: x(0), y1: y(item.y0), x2: x(1), y2: y(item.y1) };
    group.append(make("line", { ...ends, class: "hit" }), make("line", { ...ends, class: "line" }));
    group.append(make("circle", { cx: x(0), cy: y(item.y0), r: 3.5 }), make("circle", { cx: x(1), cy: y(item.y1), r: 3.5 }));
    stand(group, item);
  });
  data.points.forEach((item) => {
    const point = make("circle", { cx: x(item.x), cy: y(item.y), r: item.r, class: `point${state(item)}` });
    point.style.setProperty("--own", item.colour);
    svg.append(point);
    stand(point, item);
  });
  svg.append(notes);
  label(svg, data, x, y, frame);
  keyboard(nodes);
  follow(root, {
    area: (code) => nodes.forEach((node) => node.classList.toggle("pointed", node.dataset.code === code)),
    shade: () => {},
  });
  root.replaceChildren(svg);
}

// Names stand where there is room; the chosen and the farthest come first.
function label(svg, data, x, y, frame) {
  const taken = data.points.filter((item) => item.named).map((item) => ({
    left: x(item.x) - item.r, right: x(item.x) + item.r, top: y(item.y) - item.r, bottom: y(item.y) + item.r,
  }));
  const free = (box) => box.left >= 0 && box.right <= svg.getAttribute("width") && box.top >= 0
    && !taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
  const put = (item, places) => {
    const wide = 7.1 * item.name.length;
    const box = places.map(([px, py, anchor]) => ({
      px, py, anchor, top: py - 11, bottom: py + 4,
      left: anchor === "end" ? px - wide : anchor === "middle" ? px - wide / 2 : px,
      right: anchor === "end" ? px : anchor === "middle" ? px + wide / 2 : px + wide,
    })).find(free);
    if (!box) return;
    taken.push(box);
    const text = make("text", { x: box.px, y: box.py, class: `name ${box.anchor}${item.chosen ? " chosen" : ""}`, "aria-hidden": "true" }, item.name);
    svg.append(text);
  };
  data.points.filter((item) => item.named).sort((a, b) => b.chosen - a.chosen).forEach((item) => {
    const [px, py, gap] = [x(item.x), y(item.y), item.r + 4];
    put({ ...item, name: item.name }, [
      [px + gap, py + 4, "start"], [px - gap, py + 4, "end"], [px, py - gap, "middle"], [px, py + gap + 10, "middle"],
    ]);
  });
  data.strokes.filter((item) => item.named).sort((a, b) => b.chosen - a.chosen).forEach((item) => {
    const py = y(item.y1) + 4;
    const steps = [0, -14, 14, -28, 28, -42, 42];
    put({ ...item, name: item.words }, steps.map((step) => [frame.right + 8, py + step, "start"]));
  });
}

function show(root, tip, item, event) {
  tip.replaceChildren(...item.tip.filter(Boolean).map((text, row) => {
    const line = document.createElement(row ? "span" : "strong");
    line.textContent = text;
    return line;
  }));
  tip.hidden = false;
  const outer = root.getBoundingClientRect();
  const own = event.currentTarget.getBoundingClientRect();
  const px = (event.clientX || own.left + own.width / 2) - outer.left;
  const py = (event.clientY || own.top) - outer.top;
  tip.style.left = `${Math.max(0, Math.min(px + 14, outer.width - tip.offsetWidth))}px`;
  tip.style.top = `${py + 18 + tip.offsetHeight > outer.height ? py - tip.offsetHeight - 12 : py + 18}px`;
}

// One stop for the Tab key; arrows go from area to area, Enter chooses.
function keyboard(nodes) {
  if (nodes.length) nodes[0].setAttribute("tabindex", "0");
  nodes.forEach((node, at) => {
    node.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        nodes[(at + step + nodes.length) % nodes.length].focus();
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        node.onclick();
      }
    };
  });
}
