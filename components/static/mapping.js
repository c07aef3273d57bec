// The columns of a file: what each is taken for, chosen anew by who imports it.
const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".mapping");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const shape = JSON.stringify([data.fields, data.labels, data.columns.map((column) => [column.index, column.heading])]);
  const update = (line, column) => {
    line.className = column.tone;
    line.querySelector(".why").textContent = column.why;
    line.querySelector(".sure").textContent = column.sure;
    const choice = line.querySelector("select");
    if (choice) choice.value = column.field;
  };
  if (drawn.get(root) === shape) {
    // The place of the cursor stays.
    data.columns.forEach((column, at) => update(root.querySelectorAll("tbody tr")[at], column));
    return;
  }
  drawn.set(root, shape);
  const head = make("tr");
  data.labels.forEach((label) => {
    const cell = make("th", "", label);
    cell.scope = "col";
    head.append(cell);
  });
  const body = make("tbody");
  data.columns.forEach((column) => {
    const line = make("tr");
    const heading = make("th", "", column.heading);
    heading.scope = "row";
    const samples = make("td", "samples");
    column.samples.forEach((sample) => samples.append(make("span", "", sample)));
    const field = make("td", "field");
    if (data.fields.length) {
      const choice = make("select");
      choice.setAttribute("aria-label", column.heading);
      data.fields.forEach(({ key, label }) => {
        const option = make("option", "", label);
        option.value = key;
        choice.append(option);
      });
      choice.onchange = () => setTriggerValue("said", { index: column.index, field: choice.value });
      field.append(choice);
    } else field.textContent = column.role;
    const known = make("td");
    known.append(make("b", "sure"), make("span", "why"));
    line.append(heading, samples, field, known);
    update(line, column);
    body.append(line);
  });
  const table = make("table");
  const top = make("thead");
  top.append(head);
  table.append(top, body);
  root.replaceChildren(table);
}
