/* Where the phone is, if somebody wants to send it. Photos: made smaller, sent in pieces, resumed. */
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); }, box = byId("locate"), picker = byId("picker");
  if (box && navigator.geolocation) {
    var says = box.querySelector("[role=status]");
    box.hidden = false;
    box.querySelector("button").addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(function (found) {
        byId("latitude").value = found.coords.latitude.toFixed(5);
        byId("longitude").value = found.coords.longitude.toFixed(5);
        says.textContent = box.dataset.found;
      }, function () { says.textContent = box.dataset.lost; }, {timeout: 15000});
    });
  }
  if (!picker || !window.createImageBitmap || !AbortSignal.timeout) return;
  var input = byId("photo"), line = picker.querySelector("[role=status]"), text = picker.dataset, form = input.form, busy;
  byId("add").hidden = true;
  async function smaller(file) {
    try {
      var map = await createImageBitmap(file, {imageOrientation: "from-image"}), canvas = document.createElement("canvas");
      var scale = Math.min(1, 1920 / Math.max(map.width, map.height));
      canvas.width = map.width * scale;
      canvas.height = map.height * scale;
      canvas.getContext("2d").drawImage(map, 0, 0, canvas.width, canvas.height);
      var found = await new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.8); });
      return found.size < file.size ? found : file;
    } catch (error) { return file; }
  }
  function ask(method, address, headers, body) {
    headers["Tus-Resumable"] = "1.0.0";
    headers["X-CSRFToken"] = form.csrf_token.value;
    return fetch(address, {method: method, headers: headers, body: body, signal: AbortSignal.timeout(30000)});
  }
  async function send(blob, told) {
    var address, at = 0, unsure, answer;
    for (var tries = 0; tries < 40;) {
      try {
        if (!address || unsure) {
          answer = address ? await ask("HEAD", address, {}) : await ask("POST", text.uploads, {"Upload-Length": blob.size});
          if (answer.status == 404 && address) { address = ""; continue; }
          if (answer.status >= 500) throw 0;
          if (!answer.ok) return await answer.text();
          address = address || answer.headers.get("Location");
          at = +answer.headers.get("Upload-Offset");
        }
        unsure = true;
        answer = await ask("PATCH", address, {"Upload-Offset": at, "Content-Type": "application/offset+octet-stream"}, blob.slice(at, at + 60000));
        if (answer.status == 422) return await answer.text();
        if (!answer.ok) throw 0;
        at = +answer.headers.get("Upload-Offset");
        unsure = false;
        tries = 0;
        told(at / blob.size);
        if (at >= blob.size) return "";
      } catch (error) {
        line.textContent = text.lost;
        tries++;
        await new Promise(function (go) { setTimeout(go, 500 * Math.min(tries, 10)); });
      }
    }
    return text.lost;
  }
  form.addEventListener("submit", function (event) { if (busy) event.preventDefault(); });
  input.addEventListener("change", async function () {
    var files = Array.from(input.files), wrong = [];
    input.value = "";
    busy = true;
    for (var i = 0; i < files.length; i++) {
      var said = await send(await smaller(files[i]), function (part) {
        line.textContent = text.text + Math.floor((i + part) / files.length * 4) * 25 + "%";
      });
      if (said) wrong.push(i + 1 + ": " + said);
    }
    busy = false;
    line.textContent = wrong.join(" ") || text.done;
    var page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    if (!page.getElementById("shots")) return location.reload();
    byId("shots").replaceWith(page.getElementById("shots"));
    form.next.textContent = page.querySelector("[name=next]").textContent;
  });
})();
