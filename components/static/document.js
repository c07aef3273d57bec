// What belongs to the page as a whole: its language, and a way past the bar for those who use the keyboard.
export default function ({ data }) {
  document.documentElement.lang = data.language;
  let link = document.querySelector(".skip");
  if (!link) {
    link = document.createElement("a");
    link.className = "skip";
    link.href = "#";
    link.onclick = (event) => {
      event.preventDefault();
      const title = document.querySelector("h1");
      if (!title) return;
      title.tabIndex = -1;
      title.focus();
    };
    document.body.prepend(link);
  }
  link.textContent = data.skip;
}
