import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the page draws. It has its own crosshair, tooltip and zoom, shared by all charts.
register([BarChart, LineChart, GridComponent, CanvasRenderer]);

export { init, type ECharts };
