export { Activity } from './Activity';
export { EngagementTab } from './EngagementTab';
export { RetentionTab } from './RetentionTab';
export { SegmentsTab } from './segments/SegmentsTab';
export { UserPage } from './UserPage';
export { UsersTab } from './UsersTab';
