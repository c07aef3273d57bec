// Leaves the screen when the session is over, so that nothing stays readable where nobody sits any more. Whoever
// moves, types or scrolls is there, also where a screen asks the server nothing.
(() => {
  const OFTEN = 30;
  let used = false;
  let until = Infinity;
  let timer = 0;
  for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
    addEventListener(sign, () => { used = true; }, { passive: true, capture: true });

  const leave = () => {
    const back = location.pathname + location.search;
    location.replace(`/masuk?ended=1&next=${encodeURIComponent(back)}`);
  };
  const look = async () => {
    clearTimeout(timer);
    let wait = OFTEN;
    try {
      const answer = await fetch("/sesi", { method: used ? "POST" : "GET", cache: "no-store", redirect: "error" });
      if (answer.status === 401 || answer.status === 403) return leave();
      used = false;
      const { left } = await answer.json();
      until = Date.now() + left * 1000;
      wait = Math.max(1, Math.min(OFTEN, left + 1));
    } catch {
      if (Date.now() > until) return leave();
    }
    timer = setTimeout(look, wait * 1000);
  };
  addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  look();
})();
