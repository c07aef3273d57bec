// A table whose numbers open the rows behind them: every text is set as text, never as markup.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".numbers");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const head = make("tr");
  data.columns.forEach((label) => { const cell = make("th", "", label); cell.scope = "col"; head.append(cell); });
  const body = make("tbody");
  data.rows.forEach((row) => {
    const line = make("tr", row.chosen ? "chosen" : "");
    row.cells.forEach((content, at) => {
      const cell = make(at ? "td" : "th");
      if (!at) cell.scope = "row";
      if (content.address) {
        const link = make("a", "", content.text);
        link.href = content.address;
        link.onclick = (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          setTriggerValue("rows", content.opens);
        };
        cell.append(link);
      } else if (content.measure) {
        const button = make("button", "", content.text);
        button.type = "button";
        button.onclick = () => setTriggerValue("measure", content.measure);
        cell.append(button);
      } else if (content.share !== undefined) {
        const track = make("span", "track");
        const bar = make("span", "bar");
        bar.style.width = `${content.share * 100}%`;
        track.append(bar);
        cell.append(track, make("span", "share", content.text));
      } else cell.textContent = content.text;
      line.append(cell);
    });
    body.append(line);
  });
  const table = make("table");
  const heading = make("thead");
  heading.append(head);
  table.append(heading, body);
  const scroll = make("div", "scroll");
  scroll.append(table);
  const kept = root.querySelector(".scroll")?.scrollTop || 0;
  root.replaceChildren(scroll);
  scroll.scrollTop = kept;
}
