// A button, or a menu of them, that asks the server for a download ticket, and the download once the ticket is there.
const used = new Set();

function fetched(ticket) {
  if (!ticket || used.has(ticket)) return;
  used.add(ticket);
  const link = document.createElement("a");
  link.href = ticket;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

function choice({ key, name }, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  button.dataset.choice = key;
  button.onclick = () => choose(key);
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".documents");
  const choose = (key) => setTriggerValue("choice", key);
  fetched(data.ticket);
  const shown = JSON.stringify([data.label, data.menu, data.choices]);
  if (root.dataset.shown === shown) {
    root.choose = choose;
    return;
  }
  root.dataset.shown = shown;
  root.choose = choose;
  const chosen = (key) => root.choose(key);
  if (!data.menu) {
    root.replaceChildren(...data.choices.map((one) => choice(one, chosen)));
    return;
  }
  const menu = document.createElement("details");
  const label = document.createElement("summary");
  label.textContent = "⤓";
  label.setAttribute("aria-label", data.label);
  label.title = data.label;
  const list = document.createElement("div");
  list.className = "choices";
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", data.label);
  const close = () => { menu.open = false; };
  list.append(...data.choices.map((one) => choice(one, (key) => { close(); label.focus(); chosen(key); })));
  menu.append(label, list);
  menu.onkeydown = (event) => {
    if (event.key === "Escape" && menu.open) { close(); label.focus(); event.stopPropagation(); }
  };
  menu.onfocusout = (event) => { if (!menu.contains(event.relatedTarget)) close(); };
  root.replaceChildren(menu);
}
