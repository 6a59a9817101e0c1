// The size of libuv's thread pool, on which jobs run. libuv starts all threads with the first job
// and aborts if it cannot, so the number that the system allows is determined beforehand. Thread:
// loop, while it is the only one.
#pragma once

#include "daemon/io/loop.hpp"

#include <system_error>

namespace p2pd::io {

// UV_THREADPOOL_SIZE, or by default two more than there are cores, to keep the cores busy while
// some threads wait for the disk.
std::size_t usual_threads();

struct PoolSize {
  std::size_t threads = 0;
  // Why there are fewer than wanted: ENOMEM, or EAGAIN for limits on tasks.
  std::error_code shortage;
};

PoolSize try_threads(std::size_t wanted);         // starts them, and ends them again
void start_pool(Loop& loop, std::size_t threads); // before the first job

} // namespace p2pd::io
