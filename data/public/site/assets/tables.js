// What the page adds where scripts run: an area's figure beside the pointer, and one's own area found everywhere.
"use strict";

const tip = document.querySelector(".tip");
const words = new Map();

document.addEventListener("pointermove", (event) => {
  const area = event.target.closest?.(".map use:not(.borders)");
  if (!area) { tip.hidden = true; return; }
  const title = area.querySelector("title");
  if (title) { words.set(area, title.textContent); title.remove(); } // Else the browser shows its own as well.
  tip.textContent = words.get(area);
  tip.hidden = false;
  const right = event.clientX + 16 + tip.offsetWidth > innerWidth;
  tip.style.left = `${right ? event.clientX - 12 - tip.offsetWidth : event.clientX + 16}px`;
  tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
});

const select = document.getElementById("area");
select.parentElement.hidden = false;
select.addEventListener("change", () => {
  for (const chosen of document.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
  for (const section of document.querySelectorAll(".indicator")) {
    const mine = section.querySelector(".mine"), code = select.value;
    const row = code && section.querySelector(`table tr[data-code="${CSS.escape(code)}"]`);
    const area = code && section.querySelector(`.map use[href="#a${CSS.escape(code)}"]`);
    mine.hidden = !row;
    if (row) {
      const [value, behind] = row.cells[1].childNodes;
      mine.textContent = `${select.selectedOptions[0].textContent}: ${value.textContent.trim()}${behind ? ` (${behind.textContent})` : ""}`;
      row.classList.add("chosen");
    }
    area?.classList.add("chosen");
    area?.parentElement.append(area); // In front of its neighbours.
  }
});
