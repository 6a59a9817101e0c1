// How the process's file descriptors are divided among its parts, so that none can exhaust those of
// the others. Pure. Thread: any.
#pragma once

#include <cstddef>

namespace p2pd::base {

struct DescriptorShares {
  std::size_t allowed = 0;
  std::size_t own = 0;     // for listeners, databases, HTTP and short-lived jobs
  std::size_t control = 0; // connections to the control socket
  std::size_t links = 0;   // connections to other nodes
  std::size_t fetches = 0; // concurrent fetches; each holds two
  std::size_t files = 0;   // open files of contents
};

// How many there should be in addition to the wanted links.
constexpr std::size_t descriptors_besides_links = 2048;

// `allowed`: RLIMIT_NOFILE. If it is low, links get about half.
DescriptorShares share_descriptors(std::size_t allowed, std::size_t wanted_links);

} // namespace p2pd::base
