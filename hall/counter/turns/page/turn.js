// Asks again when there may be news. Written for browsers of 2016: no modules, no arrow functions.
(function () {
  var box = document.getElementById("turn");
  var lost = document.getElementById("lost");
  var timer = null, failures = 0, blink = null, touched = false;

  function now() { return box.firstElementChild; }
  function later(seconds) {
    clearTimeout(timer);
    // Phones that were opened together do not ask together.
    if (seconds > 0) timer = setTimeout(ask, seconds * (900 + 200 * Math.random()));
  }
  function attend() {
    clearInterval(blink);
    var title = now().getAttribute("data-title"), on = false;
    document.title = title;
    if (!/(^| )call( |$)/.test(now().className)) return;
    blink = setInterval(function () { on = !on; document.title = (on ? "●●● " : "") + title; }, 1000);
    // A browser lets only a page shake the phone that a hand has touched.
    if (touched && navigator.vibrate) navigator.vibrate([400, 200, 400, 200, 400]);
  }
  function show(text) {
    failures = 0;
    lost.hidden = true;
    if (text !== box.innerHTML && text !== box.getAttribute("data-text")) {
      var before = now().getAttribute("data-title");
      box.innerHTML = text;
      box.setAttribute("data-text", text);
      if (before !== now().getAttribute("data-title")) attend();
    }
    later(Number(now().getAttribute("data-again")));
  }
  function failed() {
    failures += 1;
    lost.hidden = failures < 2;
    later(5);
  }
  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", location.pathname + "/turn" + location.search);
    request.timeout = 9000;
    request.onload = function () {
      // Of a refusal for a moment nothing is shown: what stands was true a moment ago.
      if (request.status === 200 || request.status === 404) show(request.responseText); else failed();
    };
    request.onerror = request.ontimeout = failed;
    request.send();
  }
  document.addEventListener("touchend", function () { touched = true; });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && timer !== null) later(0.1);
  });
  attend();
  later(Number(now().getAttribute("data-again")));
})();
