/* Notifications: shows the form where the browser can, asks it, and sends its answer as a form. */
(function () {
  "use strict";
  var form = document.querySelector("form.push");
  var can = window.PushManager && navigator.serviceWorker && window.Notification;
  document.querySelectorAll(".no-push").forEach(function (text) { text.hidden = can; });
  if (!form || !can) return;
  document.querySelectorAll("form.push-off").forEach(function (off) {
    navigator.serviceWorker.getRegistration(off.dataset.scope).then(function (worker) {
      return worker && worker.pushManager.getSubscription();
    }).then(function (subscription) {
      if (!subscription) return;
      off.hidden = false;
      off.addEventListener("submit", function () {
        off.elements.answer.value = JSON.stringify(subscription);
        subscription.unsubscribe();
      });
    });
  });
  var english = document.documentElement.lang === "en";
  function say(korean, other) {
    form.querySelector("[role=alert]").textContent = english ? other : korean;
  }
  function key() {
    var text = atob(form.dataset.key.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(text, function (sign) { return sign.charCodeAt(0); });
  }
  var scope = form.dataset.scope;
  function isOurs(old) {
    return old && String(new Uint8Array(old.options.applicationServerKey)) === String(key());
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    say("", "");
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") throw new DOMException("", "NotAllowedError");
      return navigator.serviceWorker.register("/push-worker.js", { scope: scope || "/push/" });
    }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (worker) {
      return worker.pushManager.getSubscription().then(function (old) {
        if (scope && isOurs(old)) return old;
        return Promise.resolve(old && old.unsubscribe()).then(function () {
          return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() });
        });
      });
    }).then(function (subscription) {
      form.elements.answer.value = JSON.stringify(subscription);
      form.submit();
    }).catch(function (error) {
      if (error.name === "NotAllowedError") {
        say("이 브라우저에서 알림이 막혀 있습니다. 브라우저 설정에서 이 누리집의 알림을 허용해 주십시오.",
          "This browser blocks notifications. Please allow them for this site in its settings.");
      } else {
        say("알림을 켜지 못했습니다. 조금 뒤에 다시 하거나 이메일로 받아 주십시오.",
          "Notifications were not turned on. Please try again later, or choose e-mail.");
      }
    });
  });
})();
