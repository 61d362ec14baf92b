/** The paths of the API. The account is in the path, so that a device's cookie can be bound to it. */
export const paths = {
  enter: '/api/accounts/enter',
  login: '/api/accounts/login',
  account: (accountId: string) => `/api/a/${accountId}`,
  push: (accountId: string) => `/api/a/${accountId}/push`,
  pull: (accountId: string) => `/api/a/${accountId}/pull`,
  manifest: (accountId: string) => `/api/a/${accountId}/manifest`,
  history: (accountId: string, kind: string, id: string) => `/api/a/${accountId}/history/${kind}/${id}`,
  events: (accountId: string) => `/api/a/${accountId}/events`,
  password: (accountId: string) => `/api/a/${accountId}/password`,
  devices: (accountId: string) => `/api/a/${accountId}/devices`,
  device: (accountId: string, deviceId: string) => `/api/a/${accountId}/devices/${deviceId}`,
} as const;
