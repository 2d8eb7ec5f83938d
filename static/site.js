/* What only a script does is said only with one. */
/* After a failed form: to the list of problems. While a fragment loads: say so. */
(function () {
  "use strict";
  document.querySelectorAll("[data-scripted]").forEach(function (text) { text.hidden = false; });
  var problems = document.getElementById("problems");
  if (problems) problems.focus();
  document.querySelectorAll("[data-shows]").forEach(function (line) {
    var field = document.getElementById(line.dataset.shows), box = line.querySelector("input");
    function show() { field.type = box.checked ? "text" : "password"; }
    line.hidden = false;
    box.addEventListener("change", show);
    field.form.addEventListener("submit", function () { box.checked = false; show(); });
  });
  var timer;
  document.addEventListener("htmx:beforeRequest", function (event) {
    var target = event.detail.target;
    timer = setTimeout(function () { target.setAttribute("aria-busy", "true"); }, 1000);
  });
  function notice() { return document.getElementById("notice_text"); }
  var said = document.documentElement.lang === "en"
    ? "The connection was lost. Please try again."
    : "연결이 끊겼습니다. 다시 해 주십시오.";
  document.addEventListener("htmx:afterRequest", function (event) {
    clearTimeout(timer);
    event.detail.target.removeAttribute("aria-busy");
    if (event.detail.successful && notice().textContent === said) notice().textContent = "";
  });
  function lost() { if (notice().textContent !== said) notice().textContent = said; }
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
})();
