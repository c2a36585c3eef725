{
  // Passwords can be shown, the rules of a new password are marked while it is typed, and a key can be copied.
  for (const button of document.querySelectorAll("button.peek")) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
      button.setAttribute("aria-pressed", shown);
    });
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }
  for (const list of document.querySelectorAll("ul.demands")) {
    const input = document.getElementById(list.dataset.of);
    input.addEventListener("input", () => {
      for (const rule of list.children) {
        const met = new RegExp(rule.dataset.pattern).test(input.value);
        rule.className = met ? "met" : input.value ? "open" : "";
      }
    });
  }
  for (const button of document.querySelectorAll("button.copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.text);
      button.textContent = button.dataset.done;
    });
  }
}
