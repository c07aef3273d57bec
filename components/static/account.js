// Who is signed in, and the menu behind it. Signing out is a form of its own, because it changes something on the server.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".account");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const open = root.querySelector(".panel")?.matches(":popover-open");

  const button = make("button", "open");
  button.type = "button";
  button.title = `${data.name} · ${data.role} · ${data.area}`;
  button.setAttribute("aria-label", data.words.open);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  const said = make("span");
  said.append(make("b", "", data.name), make("small", "", `${data.role} · ${data.area}`));
  button.append(make("i", "", data.initials), said);

  const panel = make("div", "panel");
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", data.words.open);
  panel.append(make("p", "name", data.name));
  if (data.account) panel.append(make("p", "login", data.account));
  const facts = make("dl");
  const area = data.places.length ? data.places.join(", ") : data.area;
  for (const [term, value] of [[data.words.role, data.role], [data.words.area, area]]) facts.append(make("dt", "", term), make("dd", "", value));
  panel.append(facts);

  const password = make("a", "", data.words.password);
  password.href = data.addresses.password;
  password.target = "_self";
  const language = make("button", "language", data.language.name);
  language.type = "button";
  language.lang = data.language.key;
  language.onclick = () => {
    panel.hidePopover();
    setTriggerValue("language", data.language.key);
  };
  const form = make("form");
  form.method = "post";
  form.action = data.addresses.leave;
  for (const [name, value] of Object.entries(data.fields)) {
    const field = make("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  const leave = make("button", "", data.words.leave);
  leave.type = "submit";
  form.append(leave);
  panel.append(password);
  if (data.addresses.public) {
    const screen = make("a", "", data.words.public);
    screen.href = data.addresses.public;
    screen.target = "_blank";
    screen.rel = "noopener";
    panel.append(screen);
  }
  panel.append(language, form);

  button.onclick = () => panel.togglePopover();
  panel.addEventListener("beforetoggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    const box = button.getBoundingClientRect();
    panel.style.top = `${box.bottom + 6}px`;
    panel.style.right = `${Math.max(14, innerWidth - box.right)}px`;
  });
  root.replaceChildren(button, panel);
  if (open) panel.showPopover();
}
