/** So many actors of one role. */
export interface RoleCount {
  readonly role: string;
  readonly count: number;
}
