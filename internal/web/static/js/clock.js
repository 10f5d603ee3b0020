// Keeps the words of each countdown true while a page stays open. The server's
// idea of now counts, not the machine's: a rehearsal may stand months ahead.
const minute = 60_000;

export function clocks() {
  const said = Date.parse(document.documentElement.dataset.now ?? "");
  const skew = Number.isNaN(said) ? 0 : said - Date.now();
  const tick = () => {
    for (const el of document.querySelectorAll("time[data-count]")) {
      el.textContent = words(Date.parse(el.dateTime) - (Date.now() + skew));
    }
  };
  setInterval(tick, minute / 4);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("htmx:after:swap", tick);
}

// words says the same as Countdown in the Go package kit; a Go test holds the
// two to one table.
export function words(ms) {
  const total = Math.floor(Math.abs(ms) / minute);
  if (total < 1) return ms < 0 ? "just now" : "in less than a minute";
  const days = Math.floor(total / 1440);
  const hours = Math.floor((total % 1440) / 60);
  const minutes = total % 60;
  let out;
  if (days >= 14) out = `${days} days`;
  else if (days > 0) out = `${days} ${days === 1 ? "day" : "days"}${hours ? ` ${hours} h` : ""}`;
  else if (hours > 0) out = `${hours} h${minutes ? ` ${minutes} min` : ""}`;
  else out = `${minutes} min`;
  return ms < 0 ? `${out} ago` : `in ${out}`;
}
