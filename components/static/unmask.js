// While numbers are shown in full: how long still, for how many rows still, and the way to close them at once.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".unmasked");
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.textContent = text;
    return node;
  };
  const until = Date.now() + data.seconds * 1000;
  const minutes = make("small", "minutes", "");
  const close = make("button", "", data.words.close);
  close.type = "button";
  close.title = data.words.now;
  close.onclick = () => setTriggerValue("close", true);
  root.title = data.words.why;
  root.replaceChildren(make("span", "", data.words.full), minutes, close);

  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 60000);
    minutes.textContent = data.words.minutes.replace("{count}", String(Math.max(left, 0)));
    if (left > 0) return;
    clearInterval(root.clock);
    setTriggerValue("ended", true);
  };
  clearInterval(root.clock);
  root.clock = setInterval(tick, 5000);
  tick();
  return () => clearInterval(root.clock);
}
