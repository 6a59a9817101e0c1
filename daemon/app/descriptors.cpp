#include "daemon/app/descriptors.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace p2pd::app {

namespace {

constexpr rlim_t most_for_files = 2048;

} // namespace

std::size_t connections_within_limit(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur =
      std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, wanted + most_for_files));
  ::setrlimit(RLIMIT_NOFILE, &limit); // up to the hard limit everybody may
  const std::size_t room = limit.rlim_cur - std::min(most_for_files, limit.rlim_cur / 2);
  if (room >= wanted) return wanted;
  base::log::warn(
      "app",
      "limits.connections is {}, but with {} open files there is room for {} only; raise "
      "LimitNOFILE of the service, or ulimit -n",
      wanted, limit.rlim_cur, room);
  return room;
}

} // namespace p2pd::app
