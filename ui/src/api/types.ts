import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Site = Schemas['Site'];
export type SiteChange = Schemas['SiteChange'];
export type SiteOverview = Schemas['SiteOverview'];
export type Access = Schemas['Access'];
export type Policy = Schemas['Policy'];
export type Theme = Schemas['Theme'];
export type Goal = Schemas['Goal'];
export type CustomDimension = Schemas['CustomDimension'];
export type User = Schemas['User'];
export type Token = Schemas['Token'];
export type Settings = Schemas['Settings'];
export type Snippets = Schemas['Snippets'];
export type DropReport = Schemas['DropReport'];
export type Live = Schemas['Live'];
export type LiveVisit = Schemas['LiveVisit'];
export type LiveAction = Schemas['LiveAction'];
export type LivePulse = Schemas['LivePulse'];

export type Query = Schemas['Query'];
export type QueryResult = Schemas['QueryResult'];
export type QueryRow = Schemas['QueryRow'];
export type Metric = Schemas['MetricName'];
export type Unit = Schemas['MetricUnit'];
export type Period = Schemas['PeriodName'];
export type Range = Schemas['Range'];
export type Op = Schemas['Op'];
export type Filter = Schemas['FilterLeaf'];
