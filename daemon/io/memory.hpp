// libuv's own memory. Where it gets none it aborts the process in places; this ends it in ours.
// Before anything else of libuv.
#pragma once

namespace p2pd::io {

// `end` does not return. Main thread.
void end_without_memory(void (*end)());

} // namespace p2pd::io
