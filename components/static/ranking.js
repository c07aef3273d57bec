// A ranked list: every text is set as text, never as markup.
const open = new WeakSet();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ranking");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const focused = parentElement.activeElement?.dataset?.code;

  const list = make("ol", data.wide ? "list wide" : "list");
  data.rows.forEach((row) => {
    const item = make("li", "");
    const button = make("button", "row");
    button.type = "button";
    button.dataset.code = row.code;
    if (row.chosen) button.setAttribute("aria-current", "true");
    const words = make("span", "words");
    button.title = row.title || row.name;
    words.append(make("span", "name", row.name));
    const below = [row.parent, row.few].filter(Boolean).join(" · ");
    if (below) words.append(make("span", "parent", below));
    const track = make("span", "track");
    const bar = make("span", row.colour ? "bar" : "bar hatched");
    bar.style.width = `${row.colour ? row.length * 100 : 100}%`;
    if (row.colour) bar.style[row.few ? "borderColor" : "background"] = row.colour;
    if (row.few) bar.classList.add("hollow");
    track.append(bar);
    if (data.average !== null) {
      const mark = make("span", "average");
      mark.style.left = `${data.average * 100}%`;
      track.append(mark);
    }
    button.append(words, track, make("span", "value", row.value));
    button.onclick = () => setTriggerValue("place", row.code);
    pointing(button, row.code);
    item.append(button);
    list.append(item);
  });

  const toggle = make("button", "toggle");
  toggle.type = "button";
  const extra = data.rows.length > data.first;
  const show = () => {
    const all = open.has(root);
    [...list.children].forEach((item, at) => { item.hidden = !all && at >= data.first && !data.rows[at].chosen; });
    toggle.textContent = all ? data.less : data.all;
    toggle.setAttribute("aria-expanded", String(all));
    list.classList.toggle("open", all);
  };
  toggle.onclick = () => { open.has(root) ? open.delete(root) : open.add(root); show(); };
  show();
  root.replaceChildren(list, ...(extra ? [toggle] : []));
  const rows = [...root.querySelectorAll(".row")];
  follow(root, {
    area: (code) => rows.forEach((row) => row.classList.toggle("pointed", row.dataset.code === code)),
    shade: (colour) => rows.forEach((row, at) => {
      row.classList.toggle("paler", Boolean(colour) && (data.rows[at].colour || "unknown") !== colour);
    }),
  });
  if (focused) root.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
