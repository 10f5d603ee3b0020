// Everything a page does beyond HTML. Each part adds to what already works
// without it.
import "./htmx.js";
import "htmx.org/dist/ext/hx-sse.js";
import { clocks } from "./clock.js";
import { live } from "./live.js";
import { menus } from "./menu.js";
import { theme } from "./theme.js";
import { zone } from "./zone.js";

clocks();
live();
menus();
theme();
zone();
