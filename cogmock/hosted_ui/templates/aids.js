{
  // A code fills the page's field; where there is none it is copied. The filter searches the users that are listed.
  const aid = document.querySelector(".cogmock-aids"), field = document.querySelector("main input[name=code]");
  for (const button of aid.querySelectorAll("[data-code]")) {
    button.addEventListener("click", () => {
      if (!field) { navigator.clipboard?.writeText(button.dataset.code); return; }
      field.value = button.dataset.code;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
  const filter = aid.querySelector("input[type=search]");
  if (filter) {
    filter.hidden = false;
    filter.addEventListener("input", () => {
      const wanted = filter.value.toLowerCase();
      for (const row of filter.nextElementSibling.children) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }
}
