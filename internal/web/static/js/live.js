// One stream per page. The server sends `event: changed` with a topic as data;
// every region that watches the topic fetches itself anew. After a pause (hidden
// tab, lost network) all regions refresh, so nothing has to be replayed. A stream
// that was open once is opened again by the library; the first try is ours.
export function live() {
  let connections = 0;
  let wait = 1000;
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target.id !== "wire" || connections > 0) return;
    setTimeout(() => event.target.dispatchEvent(new Event("again")), wait * (0.7 + 0.6 * Math.random()));
    wait = Math.min(2 * wait, 60_000);
  });
  document.addEventListener("changed", (event) => {
    if (event.target.id === "wire") refresh(event.detail?.data ?? "");
  });
  document.addEventListener("htmx:sse:after:connection", () => {
    if (connections++ > 0) refresh("");
  });
}

function refresh(topic) {
  const regions = [...document.querySelectorAll("[data-live]")].filter(
    (region) => topic === "" || region.dataset.live.split(" ").includes(topic),
  );
  for (const region of regions) {
    // Every region's answer brings the bell along.
    if (region.id === "bell" && regions.length > 1) continue;
    region.dispatchEvent(new CustomEvent("live"));
  }
}
