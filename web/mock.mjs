export async function mock(page, base) {
  const read = async (p) => (await page.request.get(base + p)).json();
  const json = (route, body) =>
    route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  await page.route('**/api/v1/executions/histogram*', async (route) => {
    const u = new URL(route.request().url());
    const from = Date.parse(u.searchParams.get('from')),
      to = Date.parse(u.searchParams.get('to'));
    if (u.searchParams.get('since')) return json(route, { total: 12, buckets: [] });
    const day = 86400000;
    const buckets = [];
    let total = 0;
    for (let t = from; t < to; t += day) {
      const completed = Math.round(200 + 80 * Math.sin((t / day) * 0.9)),
        failed = Math.round(10 + 8 * Math.sin(t / day));
      total += completed + failed;
      buckets.push({
        time: new Date(t).toISOString(),
        executions: completed + failed,
        completed,
        failed,
        crashed: 0,
        canceled: 3,
        waiting: 0,
        started: 0,
        stale: 0,
      });
    }
    return json(route, {
      range: { from: u.searchParams.get('from'), to: u.searchParams.get('to') },
      granularity: 'day',
      total,
      buckets,
    });
  });
  await page.route('**/api/v1/executions/*/norms*', (route) =>
    json(route, {
      basis: {
        from: '2026-10-28T00:00:00Z',
        to: '2026-11-27T00:00:00Z',
        environment: 'production',
        executions: 1312,
        minimum: 20,
      },
      execution: { duration: 120000, p50: 28000, p95: 61000, ratio: 1.97, samples: 1290 },
      steps: [
        {
          stepId: 'call',
          occurrence: 3,
          duration: 3000,
          p50: 700,
          p95: 1500,
          ratio: 2,
          samples: 900,
        },
      ],
      stepsOmitted: 0,
      findings: [
        {
          kind: 'slow',
          step: null,
          occurrence: null,
          value: 120000,
          unit: 'milliseconds',
          typical: 61000,
          ratio: 1.97,
          samples: 1290,
          score: 9,
          runs: 1,
        },
        {
          kind: 'slow_step',
          step: { id: 'call', name: 'Call the service', type: 'http' },
          occurrence: 1,
          value: 19000,
          unit: 'milliseconds',
          typical: 4600,
          ratio: 4.13,
          samples: 900,
          score: 8,
          runs: 1,
        },
        {
          kind: 'first_of_version',
          step: null,
          occurrence: null,
          value: 1,
          unit: 'count',
          typical: null,
          ratio: null,
          samples: 1290,
          score: 1,
          runs: 1,
        },
      ],
      findingsOmitted: 0,
      errorGroup: {
        id: 'g1',
        title: 'Timeout at page <number>',
        named: false,
        executionsSince: 312,
        first: '2026-11-21T14:00:00Z',
        last: '2026-11-27T14:00:00Z',
        count24h: 41,
      },
      previous: 'p',
      next: null,
    }),
  );
  await page.route('**/api/v1/executions/*/tree*', async (route) => {
    const { executions } = await read('/api/v1/executions?last=2d&limit=4');
    json(route, {
      root: executions[0].id,
      nodes: executions.map((execution, i) => ({
        execution,
        parentId: null,
        retryOf: i === 2 ? 'x' : null,
        depth: Math.min(i, 2),
      })),
      outcome: {
        status: 'completed',
        executions: 4,
        failed: 1,
        retried: 1,
        open: 0,
        durationMs: 62000,
        cost: 0.12,
        startedAt: null,
        endedAt: null,
        attempts: 2,
        decidedBy: executions[3].id,
      },
      omitted: 0,
      truncated: false,
    });
  });
  await page.route('**/api/v1/executions/comparison*', async (route) => {
    const u = new URL(route.request().url());
    const [a, b] = [
      await read('/api/v1/executions/' + u.searchParams.get('a')),
      await read('/api/v1/executions/' + u.searchParams.get('b')),
    ];
    const s = (offset, duration, status = 'completed', attempts = 1) => ({
      offset,
      duration,
      status,
      attempts,
      cost: null,
    });
    const row = (id, rank, x, y, kind) => ({
      step: { id, name: id, type: null },
      occurrence: 1,
      a: x,
      b: y,
      difference: x && y ? y.duration - x.duration : null,
      kind,
      rank,
      counterpart: null,
    });
    json(route, {
      a,
      b,
      rows: [
        row('Prepare', 5, s(0, 500), s(0, 510), 'same'),
        row(
          'Call the service',
          1,
          s(600, 19000, 'failed'),
          s(700, 12000, 'completed', 3),
          'status',
        ),
        row('Extract ' + 'n'.repeat(200), 2, s(20000, 4000), s(13000, 60000), 'slower'),
        row('Summarise', 3, null, s(75000, 9000), 'only_b'),
        row('Finish', 4, s(24000, 9000), s(85000, 3000), 'faster'),
      ],
      rowsOmitted: 0,
      differences: [
        { field: 'status', a: 'failed', b: 'completed' },
        { field: 'duration', a: 20000, b: 120000 },
        { field: 'workflowVersion', a: '1', b: '2' },
        { field: 'errorMessage', a: 'boom', b: null },
        { field: 'metadata.client', a: null, b: 'acme' },
      ],
    });
  });
}
