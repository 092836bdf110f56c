import type { QueryResult, Site } from '../api/types';
import type { WidgetQuery } from '../lib/build-query';

/** What every kind of chart is given; each is a file in this folder, found by its name. */
export type ChartProps = {
  result: QueryResult;
  query: WidgetQuery;
  site: Site;
  label: string;
  /** Values of the first dimension that a filter asks for. */
  active: string[];
  /** Filters by a value of the first dimension. Absent where that makes no sense. */
  pick?: (value: string) => void;
};
