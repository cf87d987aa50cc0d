/* The desk's own script: announces, moves focus, warns before a sign-in ends, tells who else looks. All of it is extra. */
(() => {
  "use strict";
  const status = document.getElementById("status");
  const say = (text) => { if (status) { status.textContent = ""; setTimeout(() => { status.textContent = text; }, 60); } };
  if (status && status.textContent.trim()) say(status.textContent);

  /* After a swap the focus goes to the new heading (or to what asks for it): never to nowhere. */
  document.addEventListener("htmx:after:swap", () => {
    const main = document.getElementById("main");
    const goal = main.querySelector("[autofocus], [data-focus], h1") || main;
    if (!goal.hasAttribute("tabindex") && !goal.matches("a, button, input, select, textarea")) goal.tabIndex = -1;
    goal.focus();
    watch();
    beat();
  });
  document.addEventListener("htmx:error", () => { if (status) say(status.dataset.lost || ""); });

  /* What a narrow screen has no room for is folded. */
  if (matchMedia("(max-width: 44rem)").matches) document.querySelectorAll("details[data-fold]").forEach((part) => { part.open = false; });

  /* The end of the sign-in: two minutes' warning, and a button that puts it off. */
  const WARNING_S = 120;
  let timers = [];
  const ending = document.getElementById("ending");
  const count = (seconds) => {
    timers.forEach(clearTimeout);
    if (!ending || !(seconds > 0)) return;
    const words = document.getElementById("ending-words");
    ending.hidden = true;
    words.textContent = "";
    timers = [
      setTimeout(() => { ending.hidden = false; words.textContent = words.dataset.words; }, Math.max(0, seconds - WARNING_S) * 1000),
      setTimeout(() => { words.textContent = words.dataset.over; }, seconds * 1000),
    ];
  };
  const watch = () => count(Number(document.getElementById("main").dataset.endsIn));
  document.getElementById("stay")?.addEventListener("click", async (event) => {
    const answer = await fetch("/session/extend", { method: "POST" });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    count(Number(answer.headers.get("Ends-In")));
    say(event.target.dataset.said);
    document.getElementById("main").focus();
  });
  watch();

  /* Presence: said every half minute while the page is seen; the answer is a sentence for whoever reads the page. */
  const beat = async () => {
    const place = document.querySelector("[data-presence]");
    if (!place || document.hidden) return;
    const answer = await fetch(place.dataset.presence, { method: "POST" });
    if (!answer.ok || answer.redirected) return;
    const text = await answer.text();
    if (place.textContent !== text) place.textContent = text;
  };
  setInterval(beat, 30000);
  document.addEventListener("visibilitychange", beat);
  beat();
})();
