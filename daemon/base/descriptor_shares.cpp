#include "daemon/base/descriptor_shares.hpp"

#include <algorithm>

namespace p2pd::base {

namespace {

constexpr std::size_t most_own = 128;
constexpr std::size_t most_control = 1024;
constexpr std::size_t each_fetch = 2; // its part and the folder around it
// Opening one again is cheap, and what the kernel has of 1,024 leaves the processor's caches: a
// fetch of 20,000 small files takes 13 % longer with so many.
constexpr std::size_t most_files = 64;

} // namespace

DescriptorShares share_descriptors(std::size_t allowed, std::size_t wanted_links) {
  DescriptorShares shares{.allowed = allowed};
  shares.own = std::min(most_own, allowed / 4);
  shares.control = std::min(most_control, allowed / 16 + 1);
  const std::size_t rest = allowed - shares.own - shares.control;
  const std::size_t room = rest - std::min(descriptors_besides_links, rest / 2);
  shares.links = std::min(wanted_links, room);
  const std::size_t contents = rest - shares.links;
  shares.files = std::clamp<std::size_t>(contents / 2, 1, most_files);
  shares.fetches =
      std::max<std::size_t>((contents - std::min(contents, shares.files)) / each_fetch, 1);
  return shares;
}

} // namespace p2pd::base
