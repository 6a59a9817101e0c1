// libuv's allocator. When out of memory libuv aborts in some places; with this the process ends
// with our message instead. Call before anything else of libuv.
#pragma once

namespace p2pd::io {

// `end` must not return. Main thread.
void end_without_memory(void (*end)());

} // namespace p2pd::io
