// In the syntax of every browser: says so plainly where this one cannot run the page.
// The floor is Chromium 109 and Firefox 115; what the page's scripts need is named here.
(function () {
  "use strict";
  var needs = {
    "fetch": function () { return "fetch" in window && "body" in Response.prototype; },
    "AbortController": function () { return "AbortController" in window; },
    "TextDecoder": function () { return "TextDecoder" in window; },
    "BroadcastChannel": function () { return "BroadcastChannel" in window; },
    "dialog": function () { return "HTMLDialogElement" in window && "showModal" in HTMLDialogElement.prototype; },
    "requestSubmit": function () { return "requestSubmit" in HTMLFormElement.prototype; },
    "replaceChildren": function () { return "replaceChildren" in Element.prototype; },
    "getRandomValues": function () { return "crypto" in window && "getRandomValues" in crypto; },
    "Intl": function () { return "Intl" in window && "DateTimeFormat" in Intl; },
    "module": function () { return "noModule" in HTMLScriptElement.prototype; }
  };
  var missing = [];
  for (var name in needs) {
    try { if (!needs[name]()) missing.push(name); } catch (error) { missing.push(name); }
  }
  function refuse(what) {
    var note = document.getElementById("too-old");
    document.documentElement.className += " cannot";
    if (!note) return;
    note.innerHTML = "";
    note.appendChild(document.createTextNode("Trình duyệt này không chạy được trang gọi số. Mời dùng Chrome, Edge, Cốc Cốc từ bản 109 hoặc Firefox từ bản 115; máy dùng Windows 7 hay 8.1: Firefox 115 ESR. (" + what + ")"));
    note.removeAttribute("hidden");
  }
  // The page's own script says `started` when it runs; a module with newer syntax never does.
  window.addEventListener("load", function () {
    if (missing.length) refuse("thiếu: " + missing.join(", "));
    else setTimeout(function () { if (!window.motcuaStarted) refuse("kịch bản của trang không chạy"); }, 3000);
  });
  window.motcuaMissing = missing;
})();
