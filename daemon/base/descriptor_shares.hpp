// How the descriptors that this process may have are shared out, so that none of its parts can take
// those of the others. Pure. Thread: any.
#pragma once

#include <cstddef>

namespace p2pd::base {

struct DescriptorShares {
  std::size_t allowed = 0;
  std::size_t own = 0;     // for listeners, databases, the pages, and jobs in passing
  std::size_t control = 0; // connections at the control socket
  std::size_t links = 0;   // connections to other nodes
  std::size_t fetches = 0; // that may write at the same time; each holds two
  std::size_t files = 0;   // of contents, open for reading or of trees that are written
};

// Beside the wanted links there should be so many.
constexpr std::size_t descriptors_besides_links = 2048;

// `allowed`: RLIMIT_NOFILE. Where it is low, links get about half.
DescriptorShares share_descriptors(std::size_t allowed, std::size_t wanted_links);

} // namespace p2pd::base
