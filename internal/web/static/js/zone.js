// Proposes the browser's own time zone in a form that asks for one. Whoever has
// no script chooses from the list.
export function zone() {
  const select = document.querySelector("select[data-zone]");
  if (!select || select.value !== select.options[0]?.value) return;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!here) return;
  if (![...select.options].some((option) => option.value === here)) {
    select.add(new Option(here.replaceAll("_", " "), here));
  }
  select.value = here;
}
