import base from "./playwright.config.js";

// Pictures of every page in its states, into ../gallery.
export default { ...base, testDir: "gallery", timeout: 900_000, reporter: [["line"]], projects: undefined };
