import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Role } from '@/api/identity';
import { rolesQuery, type RoleTable } from '@/api/settings';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { roleName } from '@/lib/permissions';
import { NO_VALUE } from '@/lib/format';
import { people } from '@/words';

const words = people.roleMatrix;

/** The permissions of each role, as the server declares them. */
export function RoleMatrix(): ReactNode {
  const query = useQuery(rolesQuery);
  return (
    <Card title={words.permissionsRole} testId="roles">
      <QueryContent what={words.roles} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(table) => <Matrix table={table} />}
      </QueryContent>
    </Card>
  );
}

function Matrix({ table }: { table: RoleTable }): ReactNode {
  const roles = table.roles.map((role) => role.name);
  // Permissions that no role grants are only for API keys.
  const rows = table.permissions.filter((permission) => permission.roles.length > 0);
  return (
    <div className="overflow-x-auto pb-1">
      <table aria-label={words.permissionsRole} className="w-full border-collapse">
        <thead>
          <tr className="text-xs text-ink-3 max-md:hidden">
            <td className="pl-4" />
            {roles.map((role) => (
              <th key={role} scope="col" className="h-8 w-18 px-1 font-medium last:pr-4">
                {roleName(role)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((permission) => (
            <tr key={permission.name} className="h-8 border-t">
              <th scope="row" className="py-1 pr-2 pl-4 text-left font-normal">
                {permission.description}
                {permission.level === 'tenant' && (
                  <span className="ml-1.5 text-ink-3">{words.organisationOnly}</span>
                )}
                <span className="block text-xs text-ink-3 md:hidden">
                  {permission.roles.map((role) => roleName(role as Role)).join(', ')}
                </span>
              </th>
              {roles.map((role) => {
                const granted = permission.roles.includes(role);
                return (
                  <td key={role} className="px-1 text-center last:pr-4 max-md:hidden">
                    <span className={`inline-flex ${granted ? 'text-good' : 'text-ink-3'}`}>
                      {granted ? <Icon name="check" size={14} /> : NO_VALUE}
                    </span>
                    <span className="sr-only">{granted ? words.yes : words.no}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
