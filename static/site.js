/* Says what only a script does, what loads and what is lost; leads to the problems of a form. */
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
  function lost(event) {
    var notice = document.getElementById("notice_text"), said = document.documentElement.lang === "en"
      ? "Connection lost. Try again."
      : "연결이 끊겼습니다. 다시 해 주십시오.";
    if ((notice.textContent == said) == !event) notice.textContent = event ? said : "";
  }
  document.addEventListener("htmx:afterRequest", function (event) {
    clearTimeout(timer);
    event.detail.target.removeAttribute("aria-busy");
    if (event.detail.successful) lost();
  });
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
})();
