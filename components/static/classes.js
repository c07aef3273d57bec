// The legend of the two-variable map: nine classes, each of which chooses its areas.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".classes");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const focused = parentElement.activeElement?.dataset?.cell;
  const grid = make("div", "grid");
  grid.setAttribute("role", "group");
  grid.setAttribute("aria-label", data.name);
  data.rows.forEach((row) => {
    grid.append(make("span", "side", row.limit));
    row.cells.forEach((cell) => {
      const button = make("button", cell.light ? "cell light" : "cell", String(cell.count));
      button.type = "button";
      button.dataset.cell = cell.cell;
      button.style.background = cell.colour;
      button.disabled = !cell.count;
      button.setAttribute("aria-label", cell.words);
      button.setAttribute("aria-pressed", String(cell.chosen));
      button.title = cell.words;
      button.onclick = () => setTriggerValue("cell", cell.cell);
      grid.append(button);
    });
  });
  grid.append(make("span", "side", ""), ...data.limits.map((limit) => make("span", "foot", limit)));
  const words = make("div", "words");
  words.append(make("span", "up", `↑ ${data.y}`), grid, make("span", "along", `${data.x} →`));
  const list = make("ul", "apart");
  data.apart.forEach((one) => {
    const item = make("li", "");
    item.append(make("i", one.style), one.text);
    list.append(item);
  });
  root.replaceChildren(words, list);
  if (focused) root.querySelector(`[data-cell="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
