/* Single keys of a case. They act only while the case has the focus (WCAG 2.1.4), each presses a button or follows a
   link that is on the page anyway, and a person may switch them off: without `data-keys` nothing here does anything. */
(() => {
  "use strict";
  const typing = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const region = () => document.querySelector("[data-keys]");

  const move = (rows, step) => {
    const here = rows.indexOf(document.activeElement.closest("tr"));
    const there = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
    if (!there) return false;
    there.focus();
    there.scrollIntoView({ block: "nearest" });
    return true;
  };
  const visible = (rows) => [...rows].filter((row) => row.getClientRects().length);

  const take = (place, letter) => {
    const choice = place.querySelector(`[data-take="${letter}"]`);
    if (!choice) return false;
    choice.checked = true;
    (choice.value === "own" ? choice.parentElement.querySelector(".own") : choice).focus();
    return true;
  };
  const raw = (place) => {
    const cell = document.activeElement.closest("td");
    const links = [...place.querySelectorAll("[data-raw]")];
    (cell ? links[cell.cellIndex - 2] : links[0])?.click();
    return links.length > 0;
  };
  const press = (place, cap) => {
    const goal = place.querySelector(`[data-key="${cap}"]`);
    if (goal?.matches("summary")) goal.focus();
    goal?.click();
    return Boolean(goal);
  };

  const KEYS = {
    n: (place) => {
      const rows = visible(place.querySelectorAll("tr[data-differs]"));
      return move(rows, 1) || (rows.length > 0 && (rows[0].focus(), true));
    },
    r: raw,
    u: () => { const form = document.getElementById("undo-last"); form?.requestSubmit(); return Boolean(form); },
    arrowdown: (place) => move(visible(place.querySelectorAll("tbody tr[tabindex]")), 1),
    arrowup: (place) => move(visible(place.querySelectorAll("tbody tr[tabindex]")), -1),
  };

  document.addEventListener("keydown", (event) => {
    const place = region();
    if (!place || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat && event.key.length === 1) return;
    if (!place.contains(document.activeElement) || typing(document.activeElement)) return;
    const key = event.key.toLowerCase();
    if (key.startsWith("arrow") && document.activeElement.matches("input")) return;
    const done = KEYS[key] ? KEYS[key](place) : /^[0-9?]$/.test(key) ? press(place, key) : /^[a-z]$/.test(key) && take(place, key.toUpperCase());
    if (done) event.preventDefault();
  });
})();
