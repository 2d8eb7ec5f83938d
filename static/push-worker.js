/* Shows the notifications that are pushed, and opens their page. It keeps nothing. */
self.addEventListener("push", function (event) {
  var said = {};
  try { said = event.data.json(); } catch (error) { said = {}; }
  event.waitUntil(self.registration.showNotification(said.title || "새 안내가 있습니다", {
    body: said.body || "", tag: said.tag || "notice", data: said.url || "/", lang: said.lang || "ko"
  }));
});
self.addEventListener("notificationclick", function (event) {
  var path = event.notification.data;
  event.notification.close();
  event.waitUntil(self.clients.openWindow(/^\/(?![\/\\])/.test(path) ? path : "/"));
});
