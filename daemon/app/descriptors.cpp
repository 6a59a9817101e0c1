#include "daemon/app/descriptors.hpp"

#include "daemon/base/log.hpp"

#include <pthread.h>
#include <sys/resource.h>

namespace p2pd::app {

namespace {

rlimit before{};

} // namespace

// Child processes may use select(), or close all descriptors up to the limit. libuv forks.
void raise_descriptor_limit() {
  if (::getrlimit(RLIMIT_NOFILE, &before) != 0 || before.rlim_cur == before.rlim_max) return;
  const rlimit most{before.rlim_max, before.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &most) != 0) return;
  ::pthread_atfork(nullptr, nullptr, [] { ::setrlimit(RLIMIT_NOFILE, &before); });
}

base::DescriptorShares share_descriptors(std::size_t wanted_links) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const base::DescriptorShares shares = base::share_descriptors(limit.rlim_cur, wanted_links);
  if (shares.links < wanted_links)
    base::log::warn(
        "app",
        "limits.connections is {}, but with {} open files there is room for {} only; raise "
        "LimitNOFILE of the service, or ulimit -n",
        wanted_links, limit.rlim_cur, shares.links);
  return shares;
}

} // namespace p2pd::app
