import { plural } from '../plural';
import { noun } from './nouns';

const UNITS = {
  second: noun('second'),
  minute: noun('minute'),
  hour: noun('hour'),
  day: noun('day'),
  week: noun('week'),
};

/** The names of units of time. */
export type TimeUnit = keyof typeof UNITS;

/** The words in dates, times and ranges of time. */
export const dates = {
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  weekdays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  day: (day: number, month: string) => `${day} ${month}`,
  date: (day: number, month: string, year: number) => `${day} ${month} ${year}`,
  monthOfYear: (month: string, year: number) => `${month} ${year}`,
  onWeekday: (weekday: string, date: string) => `${weekday} ${date}`,
  dateTime: (date: string, time: string) => `${date}, ${time}`,
  weekOf: (date: string) => `Week of ${date}`,
  span: (from: string, to: string) => `${from} to ${to}`,
  justNow: 'just now',
  minutesAgo: (count: number) => `${count} min ago`,
  hoursAgo: (count: number) => `${count} h ago`,
  /** A time to wait, or a length of time. */
  length: (count: number, unit: TimeUnit) => `${count} ${plural(count, UNITS[unit])}`,
  ranges: {
    all: 'All data',
    presets: {
      '1h': 'Last hour',
      '6h': 'Last 6 hours',
      '24h': 'Last 24 hours',
      '7d': 'Last 7 days',
      '30d': 'Last 30 days',
      '90d': 'Last 90 days',
      '365d': 'Last 12 months',
    },
    last: (count: number, unit: TimeUnit) => `Last ${count} ${plural(count, UNITS[unit])}`,
    /** The end of a sentence about a range with the label of a preset or of `last`. */
    inThe: (label: string) => `in the ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
    inAll: 'in all data',
    since: (day: string) => `since ${day}`,
    between: (from: string, to: string) => `from ${from} to ${to}`,
    on: (day: string) => `on ${day}`,
  },
  /** The names of granularities. */
  granularities: {
    minute: 'Minute',
    five_minutes: '5 minutes',
    half_hour: 'Half hour',
    hour: 'Hour',
    half_day: 'Half day',
    day: 'Day',
    week: 'Week',
    month: 'Month',
  },
  /** A bucket inside a sentence. */
  buckets: {
    minute: 'minute',
    five_minutes: '5 minutes',
    half_hour: 'half hour',
    hour: 'hour',
    half_day: 'half day',
    day: 'day',
    week: 'week',
    month: 'month',
  },
};
