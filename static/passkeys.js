/* Passkeys: shows the buttons where the browser can, asks it, and sends its answer as a form. */
(function () {
  "use strict";
  var english = document.documentElement.lang === "en";
  var can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON
    && PublicKeyCredential.prototype.toJSON;
  function say(form, korean, other) {
    form.querySelector("[role=alert]").textContent = english ? other : korean;
  }
  function options(form) {
    var data = new FormData(form);
    return fetch((form.dataset.base || "/passkeys") + "/" + form.dataset.use + "/challenge", { method: "POST", body: data }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }
  function ask(use, json) {
    return use === "add"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
  }
  function begin(event) {
    var form = event.target;
    event.preventDefault();
    say(form, "", "");
    options(form).then(function (json) {
      return ask(form.dataset.use, json);
    }).then(function (credential) {
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    }).catch(function (error) {
      if (error.name === "InvalidStateError") {
        say(form, "이 기기의 패스키는 이미 등록되어 있습니다.", "This device's passkey is registered already.");
      } else if (error.name === "SecurityError") {
        say(form, "이 주소에서는 패스키를 쓸 수 없습니다.", "Passkeys do not work at this address.");
      } else {
        say(form, "패스키를 쓰지 못했습니다. 다시 하거나 비밀번호를 써 주십시오.",
          "The passkey was not used. Please try again, or use your password.");
      }
    });
  }
  document.querySelectorAll("form.passkey").forEach(function (form) {
    form.hidden = !can;
    form.addEventListener("submit", begin);
  });
  document.querySelectorAll(".no-passkey").forEach(function (text) { text.hidden = can; });
})();
