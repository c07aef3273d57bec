// A place by any part of its name: type, arrow keys, Enter takes the first. Nothing is asked of the server while typing.
const MOST = 40;
const bare = (text) => text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".places");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const names = new Map(data.places.map(([code, name]) => [code, name]));
  const around = (code) => {
    const parts = code.split(".");
    const found = [];
    for (let at = parts.length - 1; at > (parts.length > 2 ? 1 : 0); at -= 1) found.push(names.get(parts.slice(0, at).join(".")));
    return found.filter(Boolean).join(", ");
  };
  const level = (code) => code.split(".").length - 1;
  const within = (code, place) => place === "" || code === place || code.startsWith(place + ".");
  const city = data.here.split(".").slice(0, 2).join(".");

  const button = make("button", "open");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.title = `${data.shown} (/)`;
  button.append(make("small", "", data.words.area), make("b", "", data.shown), make("i"));

  const panel = make("div", "panel");
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", data.words.area);
  const label = make("label", "", data.words.search);
  const field = make("input");
  field.id = label.htmlFor = "place-name";
  field.type = "text";
  field.autocomplete = "off";
  field.maxLength = 60;
  field.placeholder = data.words.part;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", "place-list");
  const list = make("div", "list");
  list.id = "place-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", data.words.area);
  const note = make("p", "note");
  note.setAttribute("role", "status");
  panel.append(label, field, list, note);
  root.replaceChildren(button, panel);

  // Without a text: the way up, the next steps down, then all other regions.
  function steps() {
    const groups = [[data.words.here, data.places.filter(([code]) => within(data.here, code) && level(code) < 2)]];
    for (const depth of [2, 3]) {
      const parent = depth === 2 ? city : data.here.split(".").slice(0, 3).join(".");
      if (level(parent) !== depth - 1) continue;
      const inside = data.places.filter(([code]) => level(code) === depth && within(code, parent));
      groups.push([`${data.words.levels[depth]} · ${names.get(parent) || ""}`, inside]);
    }
    const shown = groups.flatMap(([, places]) => places);
    groups.push([data.words.elsewhere, data.places.filter((one) => level(one[0]) < 2 && !shown.includes(one))]);
    return groups;
  }

  // Names that begin with the text first, and those of the city that is on the screen before all others.
  function hits(text) {
    const found = data.places
      .map(([code, name]) => [code, name, bare(name).indexOf(text)])
      .map(([code, name, at]) => [code, name, at > 0 && bare(name.split(" ").slice(1).join(" ")).startsWith(text) ? 0 : at])
      .filter(([, , at]) => at >= 0)
      .sort((a, b) => Math.min(a[2], 1) - Math.min(b[2], 1) || level(a[0]) - level(b[0]) || a[1].length - b[1].length);
    const near = found.filter(([code]) => within(code, city) || within(city, code));
    const far = found.filter((one) => !near.includes(one));
    if (!city || !far.length) return [["", found]];
    return [[names.get(city) || "", near], [data.words.elsewhere, far]];
  }

  let options = [];
  let active = 0;

  function search() {
    const text = bare(field.value);
    options = [];
    list.replaceChildren();
    for (const [title, places] of text ? hits(text) : steps()) {
      const shown = places.slice(0, text ? MOST : undefined);
      if (!shown.length) continue;
      const group = make("div");
      group.setAttribute("role", "group");
      if (title) {
        group.setAttribute("aria-label", title);
        const heading = make("div", "group", title);
        heading.setAttribute("aria-hidden", "true");
        group.append(heading);
      }
      for (const [code, name] of shown) {
        const option = make("div");
        option.id = `place-${code.replaceAll(".", "-")}`;
        option.dataset.code = code;
        option.setAttribute("role", "option");
        const below = [data.words.levels[level(code)], around(code)].filter(Boolean).join(" · ");
        option.append(make("b", "", name), make("span", "", text ? below : ""));
        const at = options.length;
        option.onpointermove = () => { if (active !== at) mark(at, false); };
        option.onclick = () => take(code);
        options.push(option);
        group.append(option);
      }
      list.append(group);
    }
    note.textContent = options.length ? data.words.keys : data.words.none;
    const here = text ? -1 : options.findIndex((option) => option.dataset.code === data.here);
    mark(Math.max(here, 0), true);
  }

  function mark(at, scroll) {
    active = at;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const option = options[at];
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    if (option && scroll) option.scrollIntoView({ block: "nearest" });
  }

  function take(code) {
    panel.hidePopover();
    button.focus();
    if (code !== data.here) setTriggerValue("place", code);
  }

  button.onclick = () => {
    panel.togglePopover();
  };
  panel.addEventListener("beforetoggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    field.value = "";
    const box = button.getBoundingClientRect();
    panel.style.top = `${Math.min(box.bottom + 6, Math.max(innerHeight - 300, 8))}px`;
    panel.style.left = `${Math.max(14, Math.min(box.left, innerWidth - Math.min(400, innerWidth - 28) - 14))}px`;
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    search();
    field.focus();
  });
  field.oninput = search;
  field.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      mark((active + step + options.length) % options.length, true);
    } else if (event.key === "Enter" && options[active]) {
      event.preventDefault();
      take(options[active].dataset.code);
    }
  };

  // `/` opens it from anywhere on the screen where nothing is being typed.
  root.keys?.abort();
  root.keys = new AbortController();
  document.addEventListener("keydown", (event) => {
    if (!root.isConnected) return root.keys.abort();
    const typing = event.composedPath()[0];
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing instanceof Element && typing.matches("input, textarea, select, [contenteditable='true']")) return;
    event.preventDefault();
    if (!panel.matches(":popover-open")) panel.showPopover();
  }, { signal: root.keys.signal });
}
