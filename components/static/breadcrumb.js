// The way down to the place. Real links, so that they open in a new tab; a plain click changes the screen in place.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".steps");
  root.setAttribute("aria-label", data.label);
  root.replaceChildren(...data.steps.map((step, at) => {
    const last = at === data.steps.length - 1;
    const node = document.createElement(last ? "b" : step.address ? "a" : "span");
    node.textContent = step.name;
    if (!last && !step.address) return node;
    if (last) {
      node.className = "here";
      node.setAttribute("aria-current", "location");
      return node;
    }
    node.href = step.address;
    node.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      setTriggerValue("place", step.code);
    };
    return node;
  }));
}
