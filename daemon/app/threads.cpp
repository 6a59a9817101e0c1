#include "daemon/app/threads.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/system_limits.hpp"

#include <stdexcept>

namespace p2pd::app {

void start_threads(io::Loop& loop) {
  const std::size_t all = io::usual_threads();
  const std::error_code failed = loop.pool().start(all);
  if (!failed) return;
  const std::string limit =
      failed == std::errc::not_enough_memory ? base::memory_limit() : base::task_limit();
  if (loop.pool().threads() == 0) throw std::runtime_error("no thread can be started: " + limit);
  base::log::warn("app", "{} of {} threads could be started, so hashing and disks take longer: {}",
                  loop.pool().threads(), all, limit);
}

} // namespace p2pd::app
