/* Opens the gateway's window with what the page says; its own script is loaded before this one. */
(function () {
  "use strict";
  var form = document.getElementById("gateway");
  if (!form || !window.TossPayments) return;
  var given = form.dataset;
  document.querySelectorAll(".no-window").forEach(function (text) { text.hidden = true; });
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var payment = window.TossPayments(given.client).payment({ customerKey: window.TossPayments.ANONYMOUS });
    payment.requestPayment({
      method: "CARD", amount: { currency: "KRW", value: Number(given.amount) },
      taxFreeAmount: Number(given.taxFree), orderId: given.order, orderName: given.name,
      successUrl: given.success, failUrl: given.fail
    }).catch(function () { form.querySelector("[role=alert]").hidden = false; });
  });
})();
