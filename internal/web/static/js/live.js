// One stream per page. The server sends `event: changed` with a topic as data;
// every region that watches the topic fetches itself anew. After a pause (hidden
// tab, lost network) all regions refresh, so nothing has to be replayed.
export function live() {
  let connections = 0;
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
