// These tests start real programs and servers: what takes a second here takes many on a machine that is busy.
jest.setTimeout(30_000)
