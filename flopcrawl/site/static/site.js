// Everything works without this file. It adds: a readable label under the pointer or the focus, zooming, the slider's live result.
"use strict";
var DATASETTE_ALLOW_FACET = true; // Datasette's table.js asks for it

(function () {
  var tip = null;

  function show(target) {
    var label = target.getAttribute("aria-label");
    if (!label) { return; }
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "tip";
      tip.setAttribute("aria-hidden", "true");
      document.body.append(tip);
    }
    tip.textContent = label;
    tip.hidden = false;
    var box = target.getBoundingClientRect();
    var left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), document.documentElement.clientWidth - tip.offsetWidth - 8);
    var above = box.top - tip.offsetHeight - 10;
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = (above > 60 ? above : box.bottom + 10) + window.scrollY + "px";
  }
  function hide() { if (tip) { tip.hidden = true; } }

  function mark(event) { return event.target instanceof Element ? event.target.closest(".chart .point, .chart .bar") : null; }
  document.addEventListener("mouseover", function (event) { var target = mark(event); if (target) { show(target); } else { hide(); } });
  document.addEventListener("focusin", function (event) { var target = mark(event); if (target) { show(target); } else { hide(); } });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });

  function zoomable(svg) {
    var whole = svg.getAttribute("viewBox");
    var buttons = document.createElement("span");
    buttons.className = "zoom";
    function view(factor) {
      if (factor === 0) { svg.setAttribute("viewBox", whole); return; }
      var v = svg.getAttribute("viewBox").split(" ").map(Number);
      var w = v[2] * factor, h = v[3] * factor, full = whole.split(" ").map(Number);
      if (w > full[2]) { svg.setAttribute("viewBox", whole); return; }
      svg.setAttribute("viewBox", [v[0] + (v[2] - w) / 2, v[1] + (v[3] - h) / 2, w, h].join(" "));
    }
    [["Zoom in", 0.7], ["Zoom out", 1 / 0.7], ["Whole", 0]].forEach(function (pair) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = pair[0];
      button.addEventListener("click", function () { view(pair[1]); });
      buttons.append(button);
    });
    var from = null;
    svg.addEventListener("pointerdown", function (event) { if (svg.getAttribute("viewBox") !== whole) { from = [event.clientX, event.clientY]; } });
    svg.addEventListener("pointermove", function (event) {
      if (!from) { return; }
      var v = svg.getAttribute("viewBox").split(" ").map(Number), scale = v[2] / svg.getBoundingClientRect().width;
      v[0] -= (event.clientX - from[0]) * scale;
      v[1] -= (event.clientY - from[1]) * scale;
      from = [event.clientX, event.clientY];
      svg.setAttribute("viewBox", v.join(" "));
    });
    window.addEventListener("pointerup", function () { from = null; });
    svg.closest("figure").querySelector(".axis").append(buttons);
  }
  document.querySelectorAll(".chart-scroll svg").forEach(zoomable);

  var superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  function flop(value) {
    var parts = value.toExponential(1).split("e+");
    return parts[0] + " × 10" + parts[1].replace(/\d/g, function (digit) { return superscripts[digit]; });
  }
  function count(value) {
    var steps = [[1e12, "T"], [1e9, "B"], [1e6, "M"]];
    for (var i = 0; i < steps.length; i += 1) { if (value >= steps[i][0]) { return Number((value / steps[i][0]).toPrecision(3)) + steps[i][1]; } }
    return String(value);
  }
  document.querySelectorAll(".break-even").forEach(function (section) {
    var data = section.dataset, input = section.querySelector("input"), output = section.querySelector("output");
    section.querySelector("button").hidden = true;
    input.addEventListener("input", function () {
      var tokens = Math.pow(10, Number(input.value));
      var total = Number(data.base) + Number(data.operations) * Number(data.active) * tokens;
      output.textContent = count(tokens) + " tokens: " + flop(total) + " FLOP, " + (total > Number(data.threshold) ? "over" : "under");
    });
  });
})();
