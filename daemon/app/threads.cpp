#include "daemon/app/threads.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/system_limits.hpp"
#include "daemon/io/pool.hpp"

#include <stdexcept>

namespace p2pd::app {

std::size_t possible_threads() {
  const std::size_t all = io::usual_threads();
  const auto [threads, shortage] = io::try_threads(all);
  if (!shortage) return all;
  const std::string limit =
      shortage == std::errc::not_enough_memory ? base::memory_limit() : base::task_limit();
  if (threads == 0) throw std::runtime_error("no thread can be started: " + limit);
  base::log::warn("app", "{} of {} threads could be started, so hashing and disks take longer: {}",
                  threads, all, limit);
  return threads;
}

} // namespace p2pd::app
