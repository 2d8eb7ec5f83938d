/* Shows the notifications that are pushed, opens their page, and stops them with one tap. It keeps nothing. */
function own(path) { return /^\/(?![\/\\])/.test(path); }
self.addEventListener("push", function (event) {
  var said = {};
  try { said = event.data.json(); } catch (error) { said = {}; }
  var stop = said.stop ? [{ action: said.stop, title: said.lang === "en" ? "Stop" : "그만 받기" }] : [];
  event.waitUntil(self.registration.showNotification(said.title || "새 안내가 있습니다", {
    body: said.body || "", tag: said.tag || "notice", data: said.url || "/", lang: said.lang || "ko", actions: stop
  }));
});
self.addEventListener("notificationclick", function (event) {
  var path = event.notification.data;
  event.notification.close();
  if (own(event.action)) {
    event.waitUntil(fetch(event.action, { method: "POST", credentials: "omit" }));
    return;
  }
  event.waitUntil(self.clients.openWindow(own(path) ? path : "/"));
});
