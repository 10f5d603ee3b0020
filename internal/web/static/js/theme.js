// The theme switch without a reload. The form still posts when this is absent.
const named = { light: "guildhall", dark: "guildhall-dark" };

export function theme() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".theme-switch") || !event.submitter) return;
    event.preventDefault();
    delete form.dataset.sent;
    const choice = event.submitter.value;
    const root = document.documentElement;
    if (named[choice]) root.dataset.theme = named[choice];
    else delete root.dataset.theme;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    const body = new URLSearchParams(new FormData(form, event.submitter));
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
}
