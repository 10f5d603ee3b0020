// The SSE extension looks for htmx on the window; this puts it there first.
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;
