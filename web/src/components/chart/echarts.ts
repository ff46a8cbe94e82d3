import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the page draws. Crosshair, tooltip and zoom are the page's own, shared over all charts.
register([BarChart, LineChart, GridComponent, CanvasRenderer]);

export { init, type ECharts };
