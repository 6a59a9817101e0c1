// How many threads libuv's pool has, on which jobs run. libuv starts all of them at the first job
// and ends the process where it cannot, so it is seen beforehand how many the system allows.
// Thread: loop, while it is the only one.
#pragma once

#include "daemon/io/loop.hpp"

#include <system_error>

namespace p2pd::io {

// As many as UV_THREADPOOL_SIZE says; by default two more than there are cores, which keeps the
// cores busy while some wait for the disk.
std::size_t usual_threads();

struct PoolSize {
  std::size_t threads = 0;
  // Why they are fewer than wanted: ENOMEM, or EAGAIN for the limits on tasks.
  std::error_code shortage;
};

PoolSize try_threads(std::size_t wanted);         // which end again
void start_pool(Loop& loop, std::size_t threads); // before the first job

} // namespace p2pd::io
