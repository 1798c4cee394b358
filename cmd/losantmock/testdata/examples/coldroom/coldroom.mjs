// A service that watches cold rooms: each has a device in Losant, a webhook that its
// door calls, and a workflow behind that.
import losant from 'losant-rest';

export class ColdRooms {
  constructor({ url, accessToken, applicationId }) {
    this.client = losant.createClient({ url, accessToken });
    this.applicationId = applicationId;
  }

  // install adds a room, and returns its device and the path that its door calls.
  async install(name) {
    const { client, applicationId } = this;
    const device = await client.devices.post({
      applicationId,
      device: {
        name,
        deviceClass: 'standalone',
        attributes: [{ name: 'temperature', dataType: 'number' }],
        tags: [{ key: 'kind', value: 'cold room' }],
      },
    });
    const webhook = await client.webhooks.post({
      applicationId,
      webhook: { name: `${name}: door`, responseCode: 202 },
    });
    await client.flows.post({
      applicationId,
      flow: {
        name: `${name}: alarm`,
        triggers: [{ key: webhook.id, type: 'webhook', config: {}, meta: {}, outputIds: [] }],
      },
    });
    return { device, door: `/webhooks/${webhook.token}` };
  }

  // report sends the temperature of a room, in degrees Celsius.
  report(deviceId, temperature) {
    const { client, applicationId } = this;
    return client.device.sendState({ applicationId, deviceId, deviceState: { data: { temperature } } });
  }

  // tooWarm returns the names of the rooms that were last warmer than a limit.
  async tooWarm(limit) {
    const { client, applicationId } = this;
    const { items } = await client.devices.get({ applicationId, filterField: 'name', filter: 'Cold room *' });
    const last = await client.data.lastValueQuery({
      applicationId,
      query: { attribute: 'temperature', deviceIds: items.map((device) => device.id) },
    });
    return items.filter((device) => last[device.id]?.data.temperature > limit).map((device) => device.name);
  }
}
