/* Keys of the desk: / to the search field, j and k along the rows, Enter opens the row's link. */
(function () {
  "use strict";
  function typing(element) { return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable; }
  function links() { return Array.from(document.querySelectorAll("main .desk tbody th a, main .queue a, main .cards a")); }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      var field = document.querySelector("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
      return;
    }
    if (event.key !== "j" && event.key !== "k") return;
    var all = links(), here = all.indexOf(document.activeElement);
    var next = all[event.key === "j" ? here + 1 : Math.max(here - 1, 0)];
    if (next) { event.preventDefault(); next.focus(); }
  });
})();
