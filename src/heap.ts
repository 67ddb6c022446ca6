import v8 from 'node:v8'

/**
 * Has V8 collect when the heap is twice what was alive, not four times. What a text needs dies young, but at full speed a kilobyte of
 * it gets old first, and a worker would hold some 40 MB more after a while, whatever the audience. Costs no CPU that could be measured
 * (docs/performance.md). Set before anything else is loaded: each collection works out when the next one comes.
 */
v8.setFlagsFromString('--heap-growing-percent=100')
