// What a pointer, or the focus, is on in one figure is marked in the others; no rerun, nothing goes to the server.
const point = (code) => document.dispatchEvent(new CustomEvent("padan:area", { detail: code }));
const shade = (colour) => document.dispatchEvent(new CustomEvent("padan:class", { detail: colour }));

// Calls `area(code)` and `shade(colour)`, null for nothing, until the figure leaves the screen or is drawn again.
function follow(root, { area, shade }) {
  root.following?.abort();
  const until = (root.following = new AbortController());
  for (const [name, use] of [["padan:area", area], ["padan:class", shade]]) {
    document.addEventListener(name, (event) => {
      if (root.isConnected) use(event.detail);
      else until.abort();
    }, { signal: until.signal });
  }
}

function pointing(node, code) {
  node.addEventListener("pointerenter", () => point(code));
  node.addEventListener("pointerleave", () => point(null));
  node.addEventListener("focusin", () => point(code));
  node.addEventListener("focusout", () => point(null));
}
