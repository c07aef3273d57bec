// A table of areas: sorted by a click on its heading, narrowed to an area by a click on its row.
const order = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".areas");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const draw = () => {
    const sort = order.get(root) || data.sort;
    const sign = sort.down ? -1 : 1;
    const rows = [...data.rows].sort((a, b) => {
      const [x, y] = [a.order[sort.column], b.order[sort.column]];
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (typeof x === "string" ? x.localeCompare(y, data.language) : x - y);
    });
    const head = make("tr");
    data.columns.forEach((label, column) => {
      const cell = make("th");
      cell.scope = "col";
      const on = sort.column === column;
      cell.setAttribute("aria-sort", on ? (sort.down ? "descending" : "ascending") : "none");
      const button = make("button", "", label);
      button.type = "button";
      if (on) button.append(make("i", "", sort.down ? " ▾" : " ▴"));
      button.onclick = () => {
        order.set(root, { column, down: on ? !sort.down : false });
        draw();
        root.querySelectorAll("th button")[column].focus();
      };
      cell.append(button);
      head.append(cell);
    });
    const body = make("tbody");
    rows.forEach((row) => {
      const line = make("tr", row.chosen ? "chosen" : "");
      line.onclick = () => setTriggerValue("place", row.code);
      line.dataset.code = row.code;
      pointing(line, row.code);
      row.cells.forEach((text, column) => {
        const cell = make(column ? "td" : "th", row.tones[column] || "");
        if (column && column === row.few) cell.classList.add("few");
        if (column && row.lists?.[column]) {
          const link = make("a", "", text);
          link.href = row.lists[column];
          link.target = "_self";
          link.onclick = (event) => event.stopPropagation();
          cell.append(link);
        } else if (column) cell.textContent = text;
        else {
          cell.scope = "row";
          const button = make("button", "", text);
          button.type = "button";
          button.dataset.code = row.code;
          if (row.chosen) button.setAttribute("aria-current", "true");
          cell.append(button);
        }
        line.append(cell);
      });
      body.append(line);
    });
    const table = make("table");
    table.append(make("caption", "", data.label));
    const heading = make("thead");
    heading.append(head);
    table.append(heading, body);
    const scroll = make("div", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", data.label);
    scroll.append(table);
    const kept = root.querySelector(".scroll")?.scrollTop || 0;
    root.replaceChildren(scroll, ...(data.note ? [make("p", "note", data.note)] : []));
    scroll.scrollTop = kept;
  };
  draw();
  follow(root, {
    area: (code) => root.querySelectorAll("tbody tr").forEach((line) => {
      line.classList.toggle("pointed", line.dataset.code === code);
    }),
    shade: () => {},
  });
}
