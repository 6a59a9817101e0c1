// The common memory limit for incomplete frames and records of all links, since a frame may have 1
// MiB and a tracker 20,000 links. When it is exceeded, the link with the most bytes in the network
// with the most bytes is closed. Pure. Thread: any.
//
// A normal link has a few KiB for a moment; one that announces a library has one record, 64 KiB,
// while that is received. 64 MiB are a thousand of these at once, or 60 of the largest frames.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>

namespace p2pd::net {

struct Unfinished {
  static constexpr std::size_t most = 64 << 20; // bytes in total

  std::uint64_t network = 0; // io::Endpoint::network()
  std::size_t bytes = 0;
};

// The index of the link to close; nothing if there is none.
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
