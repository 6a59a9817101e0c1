// Frames and records that have begun to come and are not all there, of all links: they share one
// bound, as the largest has 1 MiB and a tracker 20,000 links. Where they take more, one of the
// network that has most makes way, and of those the one that has most. Pure. Thread: any.
//
// A link that sends as it should has a few KiB for a moment; one that sends a library's worth of
// messages has a record, 64 KiB, while that travels. 64 MiB are a thousand of these at once, or 60
// of the largest frame.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>

namespace p2pd::net {

struct Unfinished {
  static constexpr std::size_t most = 64 << 20; // bytes, of all

  std::uint64_t network = 0; // io::Endpoint::network()
  std::size_t bytes = 0;
};

// Its index; nothing where nobody has any.
inline std::optional<std::size_t> largest(std::span<const Unfinished> all) {
  std::map<std::uint64_t, std::size_t> networks;
  for (const Unfinished& one : all) networks[one.network] += one.bytes;
  std::optional<std::size_t> largest;
  const auto rank = [&](const Unfinished& one) {
    return std::tuple(networks.at(one.network), one.bytes);
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].bytes > 0 && (!largest || rank(all[i]) > rank(all[*largest]))) largest = i;
  return largest;
}

} // namespace p2pd::net
