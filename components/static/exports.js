// Buttons that ask the server for a download ticket, and the download itself once the ticket is there.
const used = new Set();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".exports");
  const label = document.createElement("span");
  label.textContent = data.label;
  root.replaceChildren(label, ...data.formats.map(({ format, name }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.dataset.format = format;
    button.disabled = !data.ready;
    button.onclick = () => setTriggerValue("format", format);
    return button;
  }));
  if (data.ticket && !used.has(data.ticket)) {
    used.add(data.ticket);
    const link = document.createElement("a");
    link.href = data.ticket;
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
  }
}
