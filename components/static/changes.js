// Figures that are chosen by a click: every text is set as text, never as markup.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".changes");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.textContent = text;
    return node;
  };
  const focused = parentElement.activeElement?.dataset?.kind;
  root.replaceChildren(...data.cards.map((card) => {
    const button = make("button", card.tone, "");
    button.type = "button";
    button.dataset.kind = card.kind;
    button.disabled = card.disabled;
    button.setAttribute("aria-pressed", String(card.chosen));
    const amount = make("span", card.unit ? "amount" : "amount unknown", card.amount);
    if (card.unit) amount.append(make("small", "", card.unit));
    button.append(make("span", "label", card.label), amount, make("span", "note", card.note));
    button.onclick = () => setTriggerValue("kind", card.kind);
    return button;
  }));
  if (focused) root.querySelector(`[data-kind="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
