"use strict";
// Draws the numbers that chart.py prepared. Text from the run is only ever set as textContent.
(() => {
  const LWC = window.LightweightCharts;
  const run = JSON.parse(document.getElementById("run").textContent);
  const stage = document.getElementById("chart");
  const readout = document.getElementById("readout");
  const hover = document.getElementById("hover");
  const HOVER_PX = 7;
  const HOVER_FILLS_MAX = 8;
  const CROWDED_FILLS = 150;

  const SHAPES = {
    rule: { buy: "arrowUp", sell: "arrowDown" },
    stop: { buy: "square", sell: "square" },
    target: { buy: "circle", sell: "circle" },
  };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const percent = (share) => (share * 100).toFixed(1) + "%";
  const money = (amount) => amount.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const chart = LWC.createChart(stage, {
    autoSize: true,
    layout: { attributionLogo: true, fontFamily: getComputedStyle(document.body).fontFamily },
    localization: { locale: "en-US" },
    rightPriceScale: { minimumWidth: 84 },
    crosshair: { mode: LWC.CrosshairMode.Normal },
    timeScale: { minBarSpacing: 0.01, rightOffset: 0, timeVisible: true, secondsVisible: false },
  });
  const moneyFormat = { type: "custom", formatter: money, minMove: 0.01 };
  const price = chart.addSeries(LWC.CandlestickSeries, { priceLineVisible: false }, 0);
  const volume = chart.addSeries(
    LWC.HistogramSeries,
    { priceScaleId: "volume", priceFormat: { type: "volume" }, priceLineVisible: false, lastValueVisible: false },
    0,
  );
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  price.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
  const line = { lineWidth: 2, priceLineVisible: false, priceFormat: moneyFormat };
  const idle = chart.addSeries(LWC.LineSeries, { ...line, lineWidth: 1, title: "buy and hold" }, 1);
  const equity = chart.addSeries(LWC.LineSeries, { ...line, title: "equity" }, 1);
  const fall = chart.addSeries(
    LWC.BaselineSeries,
    {
      baseValue: { type: "price", price: 0 },
      lineWidth: 1,
      priceLineVisible: false,
      priceFormat: { type: "custom", formatter: percent, minMove: 0.0001 },
      title: "drawdown",
    },
    2,
  );
  const marks = LWC.createSeriesMarkers(price, []);
  [6, 3, 2].forEach((share, pane) => chart.panes()[pane].setStretchFactor(share));

  let shown = run.instruments[0];

  function paint() {
    const ink = colour("ink");
    const rule = { color: colour("line") };
    chart.applyOptions({
      layout: {
        background: { type: LWC.ColorType.Solid, color: colour("paper") },
        textColor: ink,
        panes: { separatorColor: colour("line") },
      },
      grid: { vertLines: { visible: false }, horzLines: rule },
      rightPriceScale: { borderColor: colour("line") },
      timeScale: { borderColor: colour("line") },
    });
    const up = colour("up");
    const down = colour("down");
    price.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false });
    volume.applyOptions({ color: colour("volume") });
    equity.applyOptions({ color: colour("equity") });
    idle.applyOptions({ color: colour("idle") });
    const red = colour("fall");
    fall.applyOptions({
      bottomLineColor: red, topLineColor: red, bottomFillColor1: red + "22", bottomFillColor2: red + "66",
      topFillColor1: "transparent", topFillColor2: "transparent",
    });
    marks.setMarkers(shown ? shown.fills.map(marker) : []);
  }

  function marker(fill, index) {
    const named = fill.origin in SHAPES ? fill.origin : "rule";
    const kind = named === "rule" ? fill.side : named;
    return {
      id: String(index),
      time: fill.time,
      position: fill.side === "buy" ? "belowBar" : "aboveBar",
      shape: SHAPES[named][fill.side],
      color: colour(kind),
      size: shown.fills.length > CROWDED_FILLS ? 0.6 : 1.4,
    };
  }

  function show(instrument) {
    shown = instrument;
    const known = instrument.bars.filter((bar) => bar.length > 1);
    price.applyOptions({
      priceFormat: { type: "price", precision: instrument.decimals, minMove: 10 ** -instrument.decimals },
    });
    chart.applyOptions({ timeScale: { timeVisible: !instrument.daily } });
    price.setData(
      instrument.bars.map(([time, open, high, low, close]) =>
        open === undefined ? { time } : { time, open, high, low, close },
      ),
    );
    volume.setData(known.filter((bar) => bar[5] !== null).map((bar) => ({ time: bar[0], value: bar[5] })));
    paint();
    fit();
  }

  function fit() {
    chart.timeScale().fitContent();
  }

  function column(index) {
    return run.account.filter((row) => row[index] !== null).map((row) => ({ time: row[0], value: row[index] }));
  }

  function fillsNear(x) {
    const scale = chart.timeScale();
    const from = scale.coordinateToTime(x - HOVER_PX) ?? -Infinity;
    const until = scale.coordinateToTime(x + HOVER_PX) ?? Infinity;
    return shown.fills.filter((fill) => fill.time >= from && fill.time <= until);
  }

  function tell(fills, point) {
    hover.replaceChildren();
    hover.hidden = fills.length === 0;
    if (hover.hidden) return;
    const lines = fills.slice(0, HOVER_FILLS_MAX).map((fill) => fill.text);
    if (fills.length > HOVER_FILLS_MAX) lines.push(`and ${fills.length - HOVER_FILLS_MAX} more here: zoom in`);
    for (const text of lines) {
      const entry = document.createElement("div");
      entry.textContent = text;
      hover.append(entry);
    }
    const room = stage.clientWidth - hover.offsetWidth - 8;
    hover.style.left = Math.max(0, Math.min(point.x + 14, room)) + "px";
    hover.style.top = Math.max(0, point.y - hover.offsetHeight - 14) + "px";
  }

  function read(param) {
    const bar = param.seriesData.get(price);
    const parts = [];
    if (bar && bar.open !== undefined) {
      const digits = (value) => value.toFixed(shown.decimals);
      const stamp = new Date(bar.time * 1000).toISOString();
      parts.push(shown.daily ? stamp.slice(0, 10) : stamp.slice(0, 16).replace("T", " "));
      parts.push(`open ${digits(bar.open)}`, `high ${digits(bar.high)}`, `low ${digits(bar.low)}`, `close ${digits(bar.close)}`);
    }
    const value = (series) => param.seriesData.get(series)?.value;
    if (value(volume) !== undefined) parts.push(`volume ${money(value(volume))}`);
    if (value(equity) !== undefined) parts.push(`equity ${money(value(equity))}`);
    if (value(idle) !== undefined) parts.push(`buy and hold ${money(value(idle))}`);
    if (value(fall) !== undefined) parts.push(`drawdown ${percent(value(fall))}`);
    readout.textContent = parts.join("   ");
  }

  chart.subscribeCrosshairMove((param) => {
    if (!param.point || !shown) {
      tell([], null);
      readout.textContent = "";
      return;
    }
    tell(param.paneIndex ? [] : fillsNear(param.point.x), param.point);
    read(param);
  });

  const chooser = document.getElementById("instrument");
  run.instruments.forEach((instrument, index) => chooser.add(new Option(instrument.symbol, String(index))));
  chooser.hidden = run.instruments.length < 2;
  chooser.addEventListener("change", () => show(run.instruments[Number(chooser.value)]));
  document.getElementById("whole").addEventListener("click", fit);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  // Paper gets a picture in light colours: a chart drawn for the window's width would be cut off at the page's edge.
  window.addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    paint();
    const picture = chart.takeScreenshot();
    picture.id = "picture";
    stage.after(picture);
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    document.getElementById("picture")?.remove();
    paint();
  });

  equity.setData(column(1));
  idle.setData(column(2));
  fall.setData(column(3));
  if (shown) show(shown);
  else paint();
  requestAnimationFrame(fit);
})();
