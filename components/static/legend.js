// The classes of a map: each marks its areas while it is pointed at, for good when it is pressed.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".legend");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  let held = null;
  shade(null);

  const list = make("ul", "classes");
  list.setAttribute("aria-label", data.label);
  data.classes.forEach((one) => {
    const button = make("button", `class ${one.tone}`);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.title = data.mark;
    const colour = make("i");
    if (one.colour) colour.style.background = one.colour;
    button.append(colour, make("span", "words", one.words), make("span", "count", one.count));
    button.onpointerenter = () => shade(one.key);
    button.onpointerleave = () => shade(held);
    button.onfocus = () => shade(one.key);
    button.onblur = () => shade(held);
    button.onclick = () => {
      held = held === one.key ? null : one.key;
      list.querySelectorAll("button").forEach((node) => {
        node.setAttribute("aria-pressed", String(node === button && held !== null));
      });
      shade(held);
    };
    const item = make("li");
    item.append(button);
    list.append(item);
  });

  const foot = make("div", "foot");
  if (data.few) {
    const few = make("span", "few");
    few.append(make("i"), data.few);
    foot.append(few);
  }
  if (data.ways.length > 1) {
    const select = make("select");
    data.ways.forEach((way) => select.add(new Option(way.label, way.key, false, way.key === data.way)));
    select.onchange = () => setTriggerValue("way", select.value);
    const label = make("label", "", data.classed);
    label.append(" ", select);
    foot.append(label);
  }
  const parts = [list, ...(foot.childNodes.length ? [foot] : [])];
  if (data.warning) {
    const warning = make("p", "warning", data.warning);
    if (data.share) {
      const button = make("button", "share", data.share.label);
      button.type = "button";
      button.onclick = () => setTriggerValue("share", data.share.key);
      warning.append(" ", button);
    }
    parts.push(warning);
  }
  root.replaceChildren(...parts);
}
