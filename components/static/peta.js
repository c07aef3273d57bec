// The map inside streamlit-folium's frame. The base map calls `padan.shapes` once; every change of figures, selection
// or language calls `padan.draw`, which only restyles what is already there: nothing reloads, nothing flickers.
window.padan = (() => {
  const HATCH = "tanpa-data";
  const DOTS = "sedikit";
  const SVG = "http://www.w3.org/2000/svg";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function followTheme() {
    const outside = window.frameElement && window.frameElement.closest(".stApp");
    if (!outside) return;
    const read = () => { document.documentElement.dataset.theme = getComputedStyle(outside).colorScheme; };
    read();
    new MutationObserver(read).observe(outside, { attributes: true });
  }

  function make(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  }

  function hatch(map) {
    const svg = map.getPanes().overlayPane.querySelector("svg");
    if (!svg || svg.querySelector("#" + HATCH)) return;
    const pattern = make("pattern", {
      id: HATCH, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    pattern.append(make("rect", { width: 7, height: 7, class: "hatch-ground" }));
    pattern.append(make("line", { x1: 0, y1: 0, x2: 0, y2: 7, class: "hatch-line" }));
    const definitions = make("defs", {});
    definitions.append(pattern);
    svg.prepend(definitions);
  }

  function dots(map) {
    const svg = map.getPanes().few.querySelector("svg");
    if (!svg || svg.querySelector("#" + DOTS)) return;
    const pattern = make("pattern", { id: DOTS, width: 7, height: 7, patternUnits: "userSpaceOnUse" });
    pattern.append(make("circle", { cx: 3.5, cy: 3.5, r: 1.3, class: "dot" }));
    const definitions = make("defs", {});
    definitions.append(pattern);
    svg.prepend(definitions);
  }

  function tooltip(tip) {
    const box = document.createElement("div");
    (tip || []).forEach((text, row) => {
      const line = document.createElement(row === 2 ? "strong" : "span");
      line.textContent = text;
      if (text) box.append(line);
    });
    return box;
  }

  function pane(map, name, z) {
    map.createPane(name).style.zIndex = z;
    map.getPane(name).style.pointerEvents = "none";
    return name;
  }

  function load(url, use) {
    fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(use).catch(() => { document.documentElement.dataset.shapes = "missing"; });
  }

  // The code is enough of an answer, and the time lets the same place be chosen twice. streamlit-folium would wait
  // for 250 ms before it answers; it sends nothing more when it finds its own record of the click up to date.
  function choose(path) {
    const answer = { last_active_drawing: { id: path.feature.id, at: Date.now() } };
    path.toGeoJSON = () => answer.last_active_drawing;
    if (!window.__GLOBAL_DATA__ || !window.Streamlit) return;
    Object.assign(window.__GLOBAL_DATA__, answer, { previous_data: answer });
    window.Streamlit.setComponentValue(answer);
  }

  function shapes(map, areasUrl, bordersUrl) {
    followTheme();
    const areas = L.geoJSON(null, {
      style: { className: "area", fillOpacity: 1, weight: 1, fillColor: "transparent" },
      onEachFeature: (feature, path) => {
        path.on("click", () => choose(path));
        path.on("mouseover", () => tell(feature.id));
        path.on("mouseout", () => tell(null));
        path.bindTooltip(() => tooltip((map.padan.view || { tips: {} }).tips[feature.id]), { sticky: true });
      },
    }).addTo(map);
    const borders = L.geoJSON(null, {
      pane: pane(map, "borders", 450), interactive: false, style: { className: "border", fill: false },
    }).addTo(map);
    const chosen = L.geoJSON(null, {
      pane: pane(map, "chosen", 460), interactive: false, style: { className: "chosen", fill: false },
    }).addTo(map);
    const few = L.geoJSON(null, {
      pane: pane(map, "few", 440), interactive: false,
      style: { className: "few", stroke: false, fillColor: `url(#${DOTS})`, fillOpacity: 1 },
    }).addTo(map);
    const pointed = L.geoJSON(null, {
      pane: pane(map, "pointed", 470), interactive: false, style: { className: "pointed", fill: false },
    }).addTo(map);
    map.padan = { areas, chosen, few, pointed, view: null, focus: null, everything: false, outside: toggle(map) };
    map.on("zoomanim", () => { map.padan.zooming = true; });
    map.on("zoomend", () => { map.padan.zooming = false; });
    map.on("resize", () => map.padan.view && fit(map, false));
    follow(map);
    load(areasUrl, (collection) => { areas.addData(collection); apply(map); });
    load(bordersUrl, (collection) => borders.addData(collection));
  }

  // What is pointed at here is marked in the ranking and the tables of the screen around this frame, and vice versa.
  const hosting = window.frameElement && window.frameElement.ownerDocument;

  function tell(code) {
    if (hosting) hosting.dispatchEvent(new CustomEvent("padan:area", { detail: code }));
  }

  function follow(map) {
    if (!hosting) return;
    const until = new AbortController();
    addEventListener("pagehide", () => until.abort());
    const on = (name, use) => hosting.addEventListener(name, (event) => use(event.detail), { signal: until.signal });
    on("padan:area", (code) => {
      map.padan.pointed.clearLayers();
      map.padan.areas.eachLayer((path) => { if (path.feature.id === code) map.padan.pointed.addData(path.feature); });
    });
    on("padan:class", (colour) => {
      map.padan.shade = colour;
      shaded(map);
    });
  }

  function shaded(map) {
    const { areas, view, shade } = map.padan;
    areas.eachLayer((path) => {
      const own = view.colours[path.feature.id] || "unknown";
      path.getElement()?.classList.toggle("paler", Boolean(shade) && own !== shade);
    });
  }

  const within = (code, place) => !place || code === place || code.startsWith(place + ".");

  // A few far islands would make everything else tiny: they are left out at first, and a button says so.
  function far(paths) {
    if (paths.length < 20) return [];
    const centres = paths.map((path) => path.getBounds().getCenter());
    const fences = ["lat", "lng"].map((axis) => {
      const sorted = centres.map((centre) => centre[axis]).sort((a, b) => a - b);
      const [low, high] = [0.25, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))]);
      return [axis, low - 2 * (high - low), high + 2 * (high - low)];
    });
    const out = paths.filter((_, at) => fences.some(([axis, low, high]) => centres[at][axis] < low || centres[at][axis] > high));
    const main = paths.filter((path) => !out.includes(path));
    return out.length <= paths.length * 0.05 && size(main) < size(paths) / 2 ? out : [];
  }

  function around(paths) {
    const bounds = L.latLngBounds([]);
    paths.forEach((path) => bounds.extend(path.getBounds()));
    return bounds;
  }

  function size(paths) {
    const bounds = around(paths);
    return (bounds.getNorth() - bounds.getSouth()) * (bounds.getEast() - bounds.getWest());
  }

  function fit(map, animate) {
    if (map.padan.zooming) { // Leaflet forgets a view that is asked for while it zooms to another one.
      map.once("zoomend", () => fit(map, animate));
      return;
    }
    const { view, outside } = map.padan;
    const inside = map.padan.areas.getLayers().filter((path) => within(path.feature.id, view.focus));
    if (!inside.length) return;
    const left = far(inside);
    const bounds = around(map.padan.everything ? inside : inside.filter((path) => !left.includes(path)));
    outside.hidden = !left.length;
    outside.textContent = map.padan.everything ? view.words.main : view.words.outside.replace("{count}", left.length);
    map.padan.areas.eachLayer((path) => path.closeTooltip());
    const alone = view.focus.split(".").length === 4;
    map.fitBounds(alone ? bounds.pad(0.6) : bounds, { padding: [6, 6], animate: animate && !still, duration: 0.35 });
  }

  function toggle(map) {
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => {
      const button = L.DomUtil.create("button", "outside");
      button.type = "button";
      button.hidden = true;
      L.DomEvent.disableClickPropagation(button);
      button.onclick = () => {
        map.padan.everything = !map.padan.everything;
        fit(map, true);
      };
      return button;
    };
    control.addTo(map);
    return control.getContainer();
  }

  function apply(map) {
    const { areas, chosen, few, view } = map.padan;
    if (!view || !areas.getLayers().length) return;
    hatch(map);
    chosen.clearLayers();
    few.clearLayers();
    areas.eachLayer((path) => {
      const code = path.feature.id;
      const inside = within(code, view.around);
      path.setStyle({ fillColor: view.colours[code] || `url(#${HATCH})`, fillOpacity: inside ? 1 : 0.28 });
      const node = path.getElement();
      if (!node) return;
      node.dataset.code = code;
      node.classList.toggle("zero", Boolean(view.zero) && view.colours[code] === view.zero);
      node.onfocus = () => tell(code);
      node.onblur = () => tell(null);
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", (view.tips[code] || []).filter(Boolean).join(", "));
      node.setAttribute("tabindex", "-1");
      if (code === view.chosen) chosen.addData(path.feature);
      if (view.few.includes(code)) few.addData(path.feature);
    });
    dots(map);
    shaded(map);
    keyboard(map);
    if (map.padan.focus !== view.focus) {
      map.padan.everything = false;
      fit(map, map.padan.focus !== null);
      map.padan.focus = view.focus;
    }
    document.documentElement.dataset.drawn = view.mark;
  }

  // One stop for the Tab key; arrows go from area to area, Enter opens.
  function keyboard(map) {
    const nodes = map.padan.areas.getLayers().map((path) => path.getElement()).filter(Boolean);
    if (nodes.length) nodes[0].setAttribute("tabindex", "0");
    nodes.forEach((node, at) => {
      node.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step) {
          event.preventDefault();
          event.stopPropagation();
          nodes[(at + step + nodes.length) % nodes.length].focus();
        } else if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          const path = map.padan.areas.getLayers()[at];
          path.fire("click", { latlng: path.getBounds().getCenter() }, true);
        }
      };
    });
  }

  function draw(map, view) {
    map.padan.view = view;
    document.documentElement.lang = view.language;
    window.frameElement?.setAttribute("aria-label", view.words.map);
    for (const name of ["in", "out"]) {
      const button = document.querySelector(`.leaflet-control-zoom-${name}`);
      if (!button) continue;
      button.title = view.words[name];
      button.setAttribute("aria-label", view.words[name]);
    }
    apply(map);
  }

  return { shapes, draw };
})();
