// Pairs as a list: every text is set as text, never as markup.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pairs");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const focused = parentElement.activeElement?.dataset?.key;
  const list = make("ol", "list");
  data.entries.forEach((entry) => {
    const item = make("li", "");
    const button = make("button", "row");
    button.type = "button";
    button.dataset.key = entry.key;
    if (entry.chosen) button.setAttribute("aria-current", "true");
    const words = make("span", "words");
    const title = make("span", "title", entry.title);
    title.title = entry.title;
    words.append(title);
    if (entry.other) {
      const other = make("span", "other", `${data.between} ${entry.other}`);
      other.title = entry.other;
      words.append(other);
    }
    words.append(make("span", "note", entry.note));
    button.append(words, make("span", "value", entry.value));
    button.onclick = () => setTriggerValue("pair", entry.key);
    item.append(button);
    list.append(item);
  });
  root.replaceChildren(list);
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
