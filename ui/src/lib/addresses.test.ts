import { describe, expect, it } from 'vitest';
import { addresses } from './addresses';

describe('addresses', () => {
  it('stand on lines of their own, or between commas', () => {
    expect(addresses(' ada@example.org\neve@example.org,\r\n bob@example.org; ')).toEqual(['ada@example.org', 'eve@example.org', 'bob@example.org']);
    expect(addresses(' \n')).toEqual([]);
  });
});
