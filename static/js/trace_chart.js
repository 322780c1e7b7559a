/* The line of an indicator's published values, against the straight way from base to target. The same numbers stand in
   the table below; without a script the table is all there is. */
"use strict";

(() => {
  const place = document.getElementById("chart");
  const source = document.getElementById("drawn");
  if (!place || !source || !window.echarts) return;

  const drawn = JSON.parse(source.textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // the end of a year stands on its number: 31 December 2017 is 2017, 30 June 2018 is 2017.5
  const placeOf = (day) => {
    const [year, month, date] = day.split("-").map(Number);
    const passed = (Date.UTC(year, month - 1, date + 1) - Date.UTC(year, 0, 1)) / (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1));
    return year - 1 + passed;
  };
  const points = (rows) => rows.map(([day, value]) => [placeOf(day), Number(value)]);

  place.hidden = false;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: colour("--sans"), color: colour("--ink") },
    grid: { left: 8, right: 24, top: 24, bottom: 8, containLabel: true },
    xAxis: {
      type: "value",
      min: drawn.first - 0.4,
      max: drawn.last + 0.1,
      interval: 1,
      axisLabel: { customValues: drawn.years, hideOverlap: true, formatter: (year) => String(year), color: colour("--ink-2") },
      axisTick: { customValues: drawn.years },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      splitNumber: 3,
      axisLabel: { color: colour("--ink-2") },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    series: [
      {
        name: "直线路径",
        type: "line",
        data: points(drawn.goal),
        symbol: "none",
        lineStyle: { color: colour("--control"), type: "dashed", width: 1 },
      },
      {
        name: "已发布值",
        type: "line",
        data: points(drawn.series),
        symbolSize: 7,
        labelLayout: { hideOverlap: true },
        itemStyle: { color: colour("--blue") },
        lineStyle: { color: colour("--blue"), width: 2 },
        label: { show: true, position: "top", color: colour("--ink"), formatter: ({ value }) => value[1].toLocaleString("zh-CN") },
      },
    ],
  });
  window.addEventListener("resize", () => chart.resize());
})();
